package dev.rung.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressGuardTest {
    private final EgressGuard guard = new EgressGuard(AllowedTargets.NONE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/pay/notify",
                "http://shop.example",
                "HTTPS://SHOP.example:8443/a/../b?x=%2F&ids[]=1&y=a:b@c",
                "https://shop.example?query",
                "https://shop.example:1024/",
                "https://shop.example:80/",
                "https://shop.example:443/",
                "https://shop.example:65535/",
                "https://shop.example./",
                "https://my_service.example/",
                "https://xn--fiq228c.example/",
                "https://中文.example/",
                "https://8.8.8.8/",
                "https://[2606:4700::1111]:8443/",
                "https://[64:ff9b::808:808]/",
                "https://192.31.195.1/",
                "https://1e100.net/",
                "https://123.example/",
                "https://a.b.c.d.e.f.example/"
            })
    void anOrdinaryUrlIsFine(String url) {
        assertThat(guard.check(url)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | must begin with",
                "ftp://shop.example/ | must begin with",
                "//shop.example/ | must begin with",
                "https:/shop.example/ | must begin with",
                "file:///etc/passwd | must begin with",
                "https:// | has no host",
                "https:///path | has no host",
                "https://:8443/ | has no host",
                "https://user@shop.example/ | credentials",
                "https://user:secret@shop.example/ | credentials",
                "https://shop.example@10.0.0.1/ | credentials",
                "https://shop.example/#top | fragment",
                "https://shop.example#@10.0.0.1/ | fragment",
                "https://shop.example:22/ | port 22",
                "https://shop.example:1023/ | port 1023",
                "https://shop.example:0/ | port",
                "https://shop.example:65536/ | port",
                "https://shop.example:4294967376/ | port",
                "https://shop.example:/ | port",
                "https://shop.example:8443x/ | port",
                "https://shop.example:+443/ | port",
                "https://shop..example/ | empty label",
                "https://.example/ | empty label",
                "https://shop.example../ | empty label",
                "https://shop example/ | U+0020",
                "https://shop%2eexample/ | \"%\"",
                "https://shop.example\\@10.0.0.1/ | credentials",
                "https://shop.example\\.evil/ | \"\\\"",
                "https://shop.example/a b | U+0020",
                "https://shop.example/<x> | \"<\"",
                "https://shop.example/%zz | hexadecimal",
                "https://shop.example/%2 | hexadecimal",
                "https://shop.example/ü | U+00FC",
                "https://[::1 | brackets",
                "https://[shop.example]/ | brackets",
                "https://[127.0.0.1]/ | brackets",
                "https://[fe80::1%25eth0]/ | zone",
                "https://[fe80::1%eth0]/ | zone",
                "https://1.2.3.4.5/ | IPv4",
                "https://1.2.3.256/ | IPv4",
                "https://256.1.1.1/ | IPv4",
                "https://09.1.1.1/ | IPv4",
                "https://1..1/ | empty label",
                "https://4294967296/ | IPv4",
                "https://0x100000000/ | IPv4",
                "https://shop.123/ | IPv4",
                "https://shop.0x1f/ | IPv4"
            })
    void aUrlThatRungDoesNotSendToIsExplained(String url, String explanation) {
        assertThat(guard.check(url))
                .hasValueSatisfying(fault -> assertThat(fault.message()).contains(explanation));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop.example",
                "//shop.example/",
                "ftp://shop.example/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://",
                "http:///a",
                "http://:80/",
                "http://user@shop.example/",
                "http://user:word@shop.example/",
                "http://shop.example:0/",
                "http://shop.example:21/",
                "http://shop.example:1023/",
                "http://shop.example:65536/",
                "http://shop.example:/",
                "http://shop.example:80x/",
                "http://shop.example/#a",
                "http://shop.example/a b",
                "http://shop.example/é",
                "http://shop.example/%zz",
                "http://shop.example\\@internal/",
                "http://shop.example/\\a",
                "http://[::1/",
                "http://sh op/",
                " http://shop.example/",
                "http://a..example.com/",
                "http://.example.com/",
                "http://shop.example.com../",
                "http://4294967296/",
                "http://1.2.3.4.5/",
                "http://256.1.1.1/",
                "http://a..x/"
            })
    void whatCanNeverBeReachedIsRefused(String url) {
        assertThat(guard.check(url).map(EgressGuard.Fault::code)).hasValue("invalid_url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://my_shop.example/",
                "http://my-shop/",
                "https://茶.example/",
                "https://xn--cl1a.example/",
                "https://_dmarc.example/",
                "http://8.8.8.8/",
                "http://134744072/"
            })
    void whatCanBeReachedIsAccepted(String url) {
        assertThat(guard.check(url)).isEmpty();
    }

    @Test
    void lineBreaksAndControlCharactersAreRefusedEverywhere() {
        for (String bad : List.of("\r\n", "\n", "\r", "\t", "\0", "\u007f", "\u2028", "\ud800")) {
            assertThat(guard.check("https://shop.example/a" + bad + "x-evil: 1"))
                    .as(bad)
                    .isPresent();
            assertThat(guard.check("https://shop" + bad + ".example/")).as(bad).isPresent();
            assertThat(guard.check("https://shop.example:443" + bad + "/"))
                    .as(bad)
                    .isPresent();
            assertThat(guard.check("http" + bad + "://shop.example/")).as(bad).isPresent();
        }
    }

    @Test
    void aUrlHasAtMost2048Characters() {
        String url = "https://shop.example/" + "a".repeat(2048 - 21);
        assertThat(guard.check(url)).isEmpty();
        assertThat(guard.check(url + "a"))
                .hasValue(new EgressGuard.Fault("too_long", "is longer than 2048 characters", List.of(2048)));
        assertThat(guard.check("https://" + "a".repeat(64) + ".example/")).isPresent();
        assertThat(guard.check("https://" + "a.".repeat(127) + "example/")).isPresent();
    }

    /** Every way to write an address that some resolver understands, and where it leads. */
    static Stream<List<String>> notations() {
        return Stream.of(
                List.of("127.0.0.1", "127.0.0.1"),
                List.of("127.1", "127.0.0.1"),
                List.of("127.0.1", "127.0.0.1"),
                List.of("2130706433", "127.0.0.1"),
                List.of("017700000001", "127.0.0.1"),
                List.of("0x7f000001", "127.0.0.1"),
                List.of("0X7F000001", "127.0.0.1"),
                List.of("0x7f.1", "127.0.0.1"),
                List.of("0177.0.0.1", "127.0.0.1"),
                List.of("0177.0x0.0.01", "127.0.0.1"),
                List.of("127.0.0.1.", "127.0.0.1"),
                List.of("127.65535", "127.0.255.255"),
                List.of("10.0x10203", "10.1.2.3"),
                List.of("0", "0.0.0.0"),
                List.of("0x", "0.0.0.0"),
                List.of("0.0.0.0", "0.0.0.0"),
                List.of("１２７.0.0.1", "127.0.0.1"),
                List.of("127。0。0。1", "127.0.0.1"),
                List.of("①②⑦.0.0.1", "127.0.0.1"),
                List.of("[::1]", "::1"),
                List.of("[0:0:0:0:0:0:0:1]", "::1"),
                List.of("[::]", "::"),
                List.of("[::ffff:127.0.0.1]", "127.0.0.1"),
                List.of("[::ffff:7f00:1]", "127.0.0.1"),
                List.of("[0:0:0:0:0:ffff:a9fe:a9fe]", "169.254.169.254"),
                List.of("[::127.0.0.1]", "::7f00:1"),
                List.of("[64:ff9b::7f00:1]", "64:ff9b::7f00:1"),
                List.of("[64:ff9b::10.0.0.7]", "64:ff9b::a00:7"),
                List.of("[64:ff9b:1::808:808]", "64:ff9b:1::808:808"),
                List.of("[2002:7f00:1::]", "2002:7f00:1::"),
                List.of("[2002:808:808::1]", "2002:808:808::1"),
                List.of("[2001:0:53aa:64c::1]", "2001:0:53aa:64c::1"));
    }

    @ParameterizedTest
    @MethodSource("notations")
    void noNotationOfASpecialAddressGetsPast(List<String> notation) throws Exception {
        String url = "http://" + notation.getFirst() + ":8080/";
        String address = notation.getLast();
        InetAddress reached = InetAddress.getByName(address);
        String network = address + (reached instanceof Inet6Address ? "/128" : "/32");
        assertThat(guard.check(url))
                .hasValue(new EgressGuard.Fault(
                        "not_reachable",
                        "leads to " + address + ", which is not allowed; allow it with --allow-targets " + network,
                        List.of(address, network)));
        assertThat(new EgressGuard(AllowedTargets.parse(network)).check(url)).isEmpty();

        TargetUrl target = TargetUrl.parse(url);
        assertThat(target.literal()).isEqualTo(reached);
        assertThat(target.hostHeader())
                .isEqualTo((reached instanceof Inet6Address ? "[" + address + "]" : address) + ":8080");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1.2.3",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "168.63.129.16",
                "169.254.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::2",
                "::8.8.8.8",
                "64:ff9b::192.168.0.1",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002::1",
                "2002:808:808::",
                "3fff::1",
                "3fff:fff:ffff::1",
                "4000::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "ffff::1"
            })
    void specialAddressesAreNotAllowed(String address) throws Exception {
        assertThat(guard.allows(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "128.0.0.0",
                "168.63.129.17",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2003::1",
                "2606:4700:4700::1111",
                "2a00:1450::1",
                "3ffe::1",
                "64:ff9b::8.8.8.8"
            })
    void theirPublicNeighboursAre(String address) {
        assertThat(guard.allows(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void anIpv4AddressInIpv6ClothesIsJudgedAndReachedAsWhatItIs() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
        InetAddress disguised = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(disguised).isInstanceOf(Inet6Address.class);
        assertThatThrownBy(() -> guard.vetted(List.of(disguised))).isInstanceOf(RefusedException.class);
        assertThat(new EgressGuard(AllowedTargets.parse("127.0.0.0/8")).vetted(List.of(disguised)))
                .containsExactly(InetAddress.ofLiteral("127.0.0.1"));
    }

    @Test
    void localhostIsKnownToBeLoopbackWithoutALookUp() {
        assertThat(guard.check("http://localhost:9000/"))
                .hasValue(new EgressGuard.Fault(
                        "not_reachable",
                        "leads to 127.0.0.1, ::1, which are not allowed; allow them with --allow-targets 127.0.0.1/32,::1/128",
                        List.of("127.0.0.1, ::1", "127.0.0.1/32,::1/128")));
        assertThat(guard.check("http://Shop.LocalHost:9000/")).isPresent();
        assertThat(new EgressGuard(AllowedTargets.parse("127.0.0.0/8")).check("http://localhost:9000/"))
                .isEmpty();
    }

    @Test
    void ofSeveralAddressesOnlyTheAllowedOnesRemain() throws Exception {
        InetAddress inside = InetAddress.ofLiteral("10.0.0.7");
        InetAddress outside = InetAddress.ofLiteral("8.8.8.8");
        assertThat(guard.vetted(List.of(inside, outside))).containsExactly(outside);
        assertThatThrownBy(() -> guard.vetted(List.of(inside)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("address 10.0.0.7 is not allowed; allow it with --allow-targets 10.0.0.7/32");
        assertThatThrownBy(() -> guard.vetted(List.of(inside, InetAddress.ofLiteral("::1"))))
                .hasMessage(
                        "addresses 10.0.0.7, ::1 are not allowed; allow them with --allow-targets 10.0.0.7/32,::1/128");
    }

    @Test
    void allowedTargetsAreReadWithTheirBounds() {
        AllowedTargets allowed = AllowedTargets.parse(" 127.0.0.0/8 ,10.1.2.3, fd00::/9,,0.0.0.0/0");
        assertThat(allowed.networks()).hasSize(4);
        assertThat(allowed).hasToString("127.0.0.0/8,10.1.2.3/32,fd00::/9,0.0.0.0/0");
        EgressGuard some = new EgressGuard(AllowedTargets.parse("172.16.0.0/13,fd00::/9"));
        assertThat(some.allows(InetAddress.ofLiteral("172.23.255.255"))).isTrue();
        assertThat(some.allows(InetAddress.ofLiteral("172.24.0.0"))).isFalse();
        assertThat(some.allows(InetAddress.ofLiteral("fd7f:ffff::1"))).isTrue();
        assertThat(some.allows(InetAddress.ofLiteral("fd80::1"))).isFalse();
        assertThat(AllowedTargets.parse("")).isEqualTo(AllowedTargets.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "shop.example/8",
                "::/129",
                "10.0.0.0/+8",
                "x",
                "10.0.0.0 /8",
                "127.1/8",
                "127.0.0",
                "10.0.0/24",
                "2130706432",
                "010.0.0.0/8"
            })
    void aMalformedNetworkIsNamed(String network) {
        assertThatThrownBy(() -> AllowedTargets.parse("127.0.0.0/8," + network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(network);
    }

    @Test
    void aNetworkWithStrayBitsIsExplained() {
        assertThatThrownBy(() -> AllowedTargets.parse("10.0.0.7/8"))
                .hasMessageContaining("either 10.0.0.0/8 or 10.0.0.7/32");
        assertThatCode(() -> AllowedTargets.parse("10.128.0.0/9")).doesNotThrowAnyException();
    }
}
