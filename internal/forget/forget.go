// Package forget sees to it that nothing of a person stays in the process once they are gone: neither for the next person, nor
// for a core dump, the swap or whoever reads the memory of the machine later.
//
// What Foyer holds of a person it drops or zeroes itself: secrets in place (package secret), the bytes of requests, the input that a
// terminal sent. The rest are strings, which Go cannot zero: once nothing points at them they are garbage, and garbage keeps what it
// held until its place is used again. Therefore
//   - Respawn starts the process anew, once and before anything is typed, with GODEBUG=clobberfree=1: the collector overwrites each
//     object that it frees. It reads that setting at the start of a process only. With asyncpreemptoff=1 the runtime takes no goroutine
//     from its thread by a signal, and so keeps no registers of it. Go's own runtime/secret, which does the like for parts of a program,
//     is an experiment that a program has to be built with (GOEXPERIMENT=runtimesecret).
//   - A Collector collects when a person is gone, more than once, since pools (sync.Pool, as in fmt, encoding/json and net/http) drop
//     what they hold at the second collection only, and since goroutines and connections of the person may end a little later. Pages
//     that are free go back to the system, which zeroes them, and free stacks and those for signals are overwritten.
//   - Harden switches core dumps off and locks the memory, where that is allowed.
//
// What remains, and for how long:
//   - A registration that is still under way when its person leaves holds its answers until it ends, at most as long as its calls may
//     take; the collection after that takes them, too, as several follow each other for a minute.
//   - Connections to the tenant that are kept open have the last request and answer in their buffers until another passes through or they
//     are closed, which a Collector does with those that are idle. Under steady load another person's bytes come over them first.
//   - The part of a goroutine's stack that is not in use keeps what lay there until it is used again or the collector shrinks it. A
//     thread that waits for the system, such as the one that reads a terminal, has its vector registers, of 16 bytes each, and its stack
//     for signals has them if a signal came while it held text. Both last until it does something else.
//   - The kernel's own buffers of terminals and sockets, and what a terminal emulator keeps, are outside the process.
//   - Where the process cannot be started anew, garbage stays as it is until its place is used again, and the log says so.
package forget
