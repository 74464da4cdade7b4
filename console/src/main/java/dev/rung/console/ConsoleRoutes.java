package dev.rung.console;

import static dev.rung.console.Pages.May.ANYONE;
import static dev.rung.console.Pages.May.CHANGE;
import static dev.rung.console.Pages.May.LOOK;

import dev.rung.console.PageLayout.Entry;
import dev.rung.web.Problem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of all pages, and what they share. Thread-safe. */
public final class ConsoleRoutes {
    static final List<Entry> NAVIGATION = List.of(
            new Entry("nav.overview", "/"),
            new Entry("nav.notifications", "/notifications"),
            new Entry("nav.payments", "/payments"),
            new Entry("nav.discrepancies", "/discrepancies"),
            new Entry("nav.merchants", "/merchants"),
            new Entry("nav.ladders", "/ladders"),
            new Entry("nav.audit", "/audit"));

    private final ConsoleDependencies parts;
    private final ConsoleMessages words = new ConsoleMessages();
    private final Objections objections = new Objections(words);
    private final Templates templates = new Templates(words);
    private final Assets assets = new Assets();
    private final Sessions sessions;
    private final SignIn signIn;
    private final Pages pages = new Pages();

    public ConsoleRoutes(ConsoleDependencies parts) {
        this.parts = parts;
        this.sessions = new Sessions(
                parts.vault(),
                parts.keys().operator(),
                parts.keys().viewer(),
                parts.meta(),
                parts.api().clock(),
                parts.random());
        this.signIn = new SignIn(parts, sessions);
        OverviewPage overview = new OverviewPage(parts.api(), parts.observatory(), templates);
        LiveOverview live = new LiveOverview(overview, sessions, parts.api().clock(), parts.stopping());
        MerchantNames names =
                new MerchantNames(parts.api().merchants(), parts.api().directory());
        ApiCaller changes = new ApiCaller(parts.calls(), words, objections);
        SearchPage search = new SearchPage(parts.api(), names);
        NotificationPage notification = new NotificationPage(
                parts.api(),
                names,
                changes,
                new CurlCommand(parts.signingKeys(), parts.api().version()));
        MerchantsPage merchants = new MerchantsPage(parts.api(), parts.pulse(), names);
        MerchantPage merchant = new MerchantPage(parts.api(), parts.pulse(), changes);
        LaddersPage ladders = new LaddersPage(parts.api(), parts.observatory(), changes);
        ResendPage resend = new ResendPage(names, changes);
        PaymentsPage payments = new PaymentsPage(
                parts.api().paymentStore(),
                parts.api().payments().channels(),
                names,
                parts.api().clock());
        OrderPage order = new OrderPage(parts.api(), names, changes, words);
        DiscrepanciesPage discrepancies = new DiscrepanciesPage(parts.api().paymentStore(), names, changes);
        pages.get("/sign-in", ANYONE, signIn::show)
                .post("/sign-in", ANYONE, signIn::signIn)
                .post("/sign-out", LOOK, signIn::signOut)
                .post("/preferences", ANYONE, Preferences::choose)
                .get("/notifications", LOOK, search::show)
                .get("/notifications/rows", LOOK, search::rows)
                .get("/notifications/{id}", LOOK, notification::show)
                .get("/notifications/{id}/live", LOOK, notification::live)
                .get("/notifications/{id}/payload", LOOK, notification::payload)
                .get("/notifications/{id}/curl", CHANGE, notification::curl)
                .post("/notifications/{id}/resend", CHANGE, notification::resend)
                .post("/notifications/{id}/cancel", CHANGE, notification::cancel)
                .get("/payments", LOOK, payments::show)
                .get("/payments/rows", LOOK, payments::rows)
                .get("/payments/{id}", LOOK, order::show)
                .get("/payments/{id}/live", LOOK, order::live)
                .get("/payments/{id}/callbacks/{callback}", LOOK, order::bytes)
                .get("/payments/{id}/callbacks/{callback}/body", LOOK, order::body)
                .post("/payments/{id}/sync", CHANGE, order::sync)
                .post("/payments/{id}/close", CHANGE, order::close)
                .get("/orders/{merchant}", LOOK, order::byNumber)
                .get("/discrepancies", LOOK, discrepancies::show)
                .get("/discrepancies/{id}", LOOK, discrepancies::one)
                .post("/discrepancies/{id}/resolve", CHANGE, discrepancies::resolve)
                .get("/merchants", LOOK, merchants::show)
                .get("/merchants/names", LOOK, merchants::names)
                .get("/merchants/new", CHANGE, merchant::begin)
                .post("/merchants/new", CHANGE, merchant::create)
                .get("/merchants/{id}", LOOK, merchant::show)
                .post("/merchants/{id}", CHANGE, merchant::change)
                .get("/merchants/{id}/health", LOOK, merchant::health)
                .post("/merchants/{id}/rotate-secret", CHANGE, merchant::rotate)
                .post("/merchants/{id}/keys", CHANGE, merchant::addKey)
                .post("/merchants/{id}/keys/{key}/end", CHANGE, merchant::endKey)
                .post("/merchants/{id}/{act}", CHANGE, merchant::act)
                .get("/ladders", LOOK, ladders::show)
                .post("/ladders", CHANGE, ladders::save)
                .get("/resend", CHANGE, resend::show)
                .post("/resend/count", CHANGE, resend::count)
                .post("/resend/run", CHANGE, resend::run)
                .get("/audit", LOOK, new AuditPage(parts.audit(), words)::show)
                .get("/", LOOK, overview::show)
                .get("/console/live", LOOK, live::stream);
    }

    Pages pages() {
        return pages;
    }

    Assets assets() {
        return assets;
    }

    Sessions sessions() {
        return sessions;
    }

    SignIn signIn() {
        return signIn;
    }

    /** Says something in the visitor's language. */
    String say(PageRequest visit, String key, Object... values) {
        return words.say(visit.language(), key, values);
    }

    /** Makes the page. */
    String render(PageRequest visit, PageResponse.Html html) {
        Map<String, Object> model = new HashMap<>(html.model());
        model.put("v", frame(visit));
        model.put("f", PageFormat.of(visit.language()));
        return templates.render(html.template(), visit.language(), model);
    }

    private PageLayout frame(PageRequest visit) {
        ConsoleSession session = visit.session();
        String path = visit.request().getRequestURI();
        int end = path.indexOf('/', 1);
        return new PageLayout(
                visit.language(),
                visit.theme(),
                session != null,
                visit.isOperator(),
                session == null ? "" : session.csrf(),
                visit.address(),
                section(end < 0 ? path : path.substring(0, end)),
                visit.query()
                        .text("done")
                        .map(what -> "done." + what)
                        .filter(words::has)
                        .orElse(""),
                assets,
                parts.api().version(),
                parts.api().clock().millis());
    }

    /** The entry of the navigation that a page without one of its own belongs to. */
    private static String section(String first) {
        return switch (first) {
            case "/orders" -> "/payments";
            case "/resend" -> "/notifications";
            default -> first;
        };
    }

    /** A page that says what is wrong. */
    PageResponse problem(PageRequest visit, Problem problem) {
        String key = "problem." + problem.status();
        String title = words.has(key) ? say(visit, key) : problem.title();
        Map<String, String> errors = new LinkedHashMap<>();
        problem.errors().forEach(error -> errors.putIfAbsent(error.field(), error.message()));
        String detail = objections.say(visit.language(), problem.detail(), errors);
        return new PageResponse.Html(
                problem.status(), "problem", Map.of("status", problem.status(), "title", title, "detail", detail));
    }
}
