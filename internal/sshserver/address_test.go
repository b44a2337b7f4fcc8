package sshserver

import (
	"net"
	"testing"
)

func TestShareAndNetworkOfAnAddress(t *testing.T) {
	tests := []struct {
		name           string
		give           net.Addr
		share, network string
	}{
		{"IPv4", &net.TCPAddr{IP: net.ParseIP("192.0.2.7")}, "192.0.2.7/32", "192.0.2.0/24"},
		{"IPv4 in IPv6", &net.TCPAddr{IP: net.ParseIP("::ffff:192.0.2.7").To16()}, "192.0.2.7/32", "192.0.2.0/24"},
		{"IPv6", &net.TCPAddr{IP: net.ParseIP("2001:db8:1:2:3:4:5:6")}, "2001:db8:1:2::/64", "2001:db8:1::/48"},
		{"IPv6 with a zone", &net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0"}, "fe80::/64", "fe80::/48"},
		{"no TCP", &net.UnixAddr{Name: "/x"}, "invalid Prefix", "invalid Prefix"},
		{"nothing", &net.TCPAddr{}, "invalid Prefix", "invalid Prefix"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address := share(tt.give)
			if got := address.String(); got != tt.share {
				t.Errorf("share(%v) = %s, want %s", tt.give, got, tt.share)
			}
			if got := networkOf(address).String(); got != tt.network {
				t.Errorf("networkOf(%s) = %s, want %s", address, got, tt.network)
			}
		})
	}
}
