package dev.rung.server.console;

import com.microsoft.playwright.options.ColorScheme;
import dev.rung.server.scene.ServerScene;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every page, in light and dark, in both languages: no barrier that a machine can find. */
class AccessibilityBrowserIT {
    @TempDir
    static Path folder;

    private static ServerScene scene;
    private static final Map<String, String> PAGES = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        scene = new ServerScene(folder.resolve("data"));
        String merchant = scene.merchant();
        scene.shop.answer(500);
        String waiting = scene.operator
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + merchant + "\",\"order_no\":\"T1\",\"payload\":{\"amount\":12.30}}")
                .expect(202)
                .at("/id");
        PAGES.put("sign-in", "/sign-in");
        PAGES.put("overview", "/");
        PAGES.put("notifications", "/notifications");
        PAGES.put("notifications-none", "/notifications?q=nothing");
        PAGES.put("notification", "/notifications/" + waiting);
        PAGES.put("payments", "/payments");
        PAGES.put("discrepancies", "/discrepancies");
        PAGES.put("order", "/orders/" + merchant + "/T1");
        PAGES.put("merchants", "/merchants");
        PAGES.put("merchant", "/merchants/" + merchant);
        PAGES.put("merchant-new", "/merchants/new");
        PAGES.put("ladders", "/ladders");
        PAGES.put("resend", "/resend");
        PAGES.put("audit", "/audit");
        PAGES.put("not-found", "/notifications/ntf_0000000000000");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void noPageHasABarrier(ColorScheme colours) {
        try (Screen screen = new Screen(scene.server.address(), colours)) {
            String suffix = colours.name().toLowerCase(java.util.Locale.ROOT);
            screen.go("/sign-in").expectNoBarriers("sign-in");
            screen.picture("sign-in-" + suffix);
            screen.signIn(ServerScene.OPERATOR_KEY, "/");
            PAGES.forEach((name, path) -> {
                screen.go(path);
                screen.expectNoBarriers(name + " in " + suffix);
                screen.picture(name + "-" + suffix);
            });
        }
    }
}
