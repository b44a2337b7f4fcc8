// What the server remembers, in memory: one map of entries for all kinds of token, so that a test can take away those of one
// client.

// tokenKinds are what a client holds; a grant is what its tokens stand on.
const tokenKinds = ['AccessToken', 'ClientCredentials', 'RefreshToken', 'AuthorizationCode', 'DeviceCode', 'Grant'];

export class Store {
  #entries = new Map(); // "Kind:id" -> {payload, ends}

  #live(key) {
    const entry = this.#entries.get(key);
    if (entry && entry.ends <= Date.now()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry?.payload;
  }

  #find(kind, matches) {
    for (const key of this.#entries.keys()) {
      if (key.startsWith(`${kind}:`)) {
        const payload = this.#live(key);
        if (payload && matches(payload)) return payload;
      }
    }
    return undefined;
  }

  #remove(matches) {
    let removed = 0;
    for (const [key, { payload }] of this.#entries) {
      if (matches(key.slice(0, key.indexOf(':')), payload)) {
        this.#entries.delete(key);
        removed += 1;
      }
    }
    return removed;
  }

  // revoke takes away what a client holds, of one kind or of all, and returns how many entries that were.
  revoke(client, kind) {
    const kinds = kind ? [kind] : tokenKinds;
    return this.#remove((k, payload) => kinds.includes(k) && payload.clientId === client);
  }

  // count returns how many entries of a kind a client holds that can still be used.
  count(client, kind) {
    return [...this.#entries.keys()].filter((key) => key.startsWith(`${kind}:`)).map((key) => this.#live(key))
      .filter((payload) => payload?.clientId === client && !payload.consumed).length;
  }

  // adapter is the server's view of one kind.
  adapter(kind) {
    const key = (id) => `${kind}:${id}`;
    return {
      upsert: async (id, payload, seconds) => {
        this.#entries.set(key(id), { payload, ends: seconds ? Date.now() + seconds * 1000 : Infinity });
      },
      find: async (id) => this.#live(key(id)),
      findByUid: async (uid) => this.#find(kind, (payload) => payload.uid === uid),
      findByUserCode: async (code) => this.#find(kind, (payload) => payload.userCode === code),
      consume: async (id) => { this.#live(key(id)).consumed = Math.floor(Date.now() / 1000); },
      destroy: async (id) => { this.#entries.delete(key(id)); },
      revokeByGrantId: async (grant) => { this.#remove((_, payload) => payload.grantId === grant); },
    };
  }
}
