package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.web.RouteTable.Found;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final Handler NEVER = call -> {
        throw new IllegalStateException("only looked up here");
    };

    private final RouteTable routes = new RouteTable()
            .get("/v1/things", Access.READ, NEVER)
            .get("/v1/things/{id}", Access.READ, NEVER)
            .post("/v1/things/all", Access.CHANGE, NEVER)
            .delete("/v1/things/{id}/parts/{part}", Access.CHANGE, NEVER);

    @Test
    void variablesAreTakenFromThePathAndDecoded() {
        assertThat(routes.find("DELETE", "/v1/things/7/parts/a%20b+c"))
                .isInstanceOfSatisfying(
                        Found.Match.class,
                        match -> assertThat(match.variables()).isEqualTo(Map.of("id", "7", "part", "a b+c")));
    }

    @Test
    void aLiteralGoesBeforeAVariable() {
        assertThat(routes.find("POST", "/v1/things/all"))
                .isInstanceOfSatisfying(
                        Found.Match.class,
                        match -> assertThat(match.route().path()).isEqualTo("/v1/things/all"));
    }

    @Test
    void headIsLookedUpAsGet() {
        assertThat(routes.find("HEAD", "/v1/things/7")).isInstanceOf(Found.Match.class);
    }

    @Test
    void anotherMethodIsToldFromNothing() {
        assertThat(routes.find("PUT", "/v1/things")).isEqualTo(new Found.OtherMethods("GET"));
        assertThat(routes.find("PUT", "/v1/thing")).isEqualTo(new Found.Nothing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/", "/v1/things/", "/v1/things//parts/1", "//v1/things", "/v1/things/7/x"})
    void noOtherPathIsTaken(String path) {
        assertThat(routes.find("GET", path)).isEqualTo(new Found.Nothing());
    }

    @Test
    void nothingIsRoutedTwice() {
        assertThatThrownBy(() -> routes.get("/v1/things", Access.OPEN, NEVER)).hasMessageContaining("twice");
    }
}
