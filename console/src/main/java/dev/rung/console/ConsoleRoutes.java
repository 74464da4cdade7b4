package dev.rung.console;

import static dev.rung.console.Pages.Permission.CHANGE;
import static dev.rung.console.Pages.Permission.PUBLIC;
import static dev.rung.console.Pages.Permission.VIEW;

import dev.rung.console.PageLayout.Entry;
import dev.rung.web.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The routes of all pages, and what they share. Thread-safe. */
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
    private final ConsoleMessages messages = new ConsoleMessages();
    private final ProblemMessages problems = new ProblemMessages(messages);
    private final Templates templates = new Templates(messages);
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
                parts.clock(),
                parts.random());
        this.signIn = new SignIn(parts, sessions);
        OverviewPage overview = new OverviewPage(parts, parts.overviewService(), templates);
        LiveOverview live = new LiveOverview(overview, sessions, parts.clock(), parts.stopping());
        MerchantNames names = new MerchantNames(parts.merchants(), parts.directory());
        SearchPage search = new SearchPage(parts, names);
        NotificationPage notification = new NotificationPage(
                parts,
                names,
                new CurlCommand(parts.signingKeys(), parts.version().text()));
        MerchantsPage merchants = new MerchantsPage(parts, parts.recentStats(), names);
        MerchantPage merchant = new MerchantPage(parts, problems);
        LaddersPage ladders = new LaddersPage(parts, problems);
        ResendPage resend = new ResendPage(parts.resends(), names, messages, problems);
        PaymentsPage payments = new PaymentsPage(parts.paymentStore(), parts.channels(), names, parts.clock());
        OrderPage order = new OrderPage(parts, names, messages);
        DiscrepanciesPage discrepancies =
                new DiscrepanciesPage(parts.paymentStore(), parts.discrepancies(), names, problems);
        pages.get("/sign-in", PUBLIC, signIn::show)
                .post("/sign-in", PUBLIC, signIn::signIn)
                .post("/sign-out", VIEW, signIn::signOut)
                .post("/preferences", PUBLIC, Preferences::choose)
                .get("/notifications", VIEW, search::show)
                .get("/notifications/rows", VIEW, search::rows)
                .get("/notifications/{id}", VIEW, notification::show)
                .get("/notifications/{id}/live", VIEW, notification::live)
                .get("/notifications/{id}/payload", VIEW, notification::payload)
                .get("/notifications/{id}/curl", CHANGE, notification::curl)
                .post("/notifications/{id}/resend", CHANGE, notification::resend)
                .post("/notifications/{id}/cancel", CHANGE, notification::cancel)
                .get("/payments", VIEW, payments::show)
                .get("/payments/rows", VIEW, payments::rows)
                .get("/payments/{id}", VIEW, order::show)
                .get("/payments/{id}/live", VIEW, order::live)
                .get("/payments/{id}/callbacks/{callback}", VIEW, order::bytes)
                .get("/payments/{id}/callbacks/{callback}/body", VIEW, order::body)
                .post("/payments/{id}/sync", CHANGE, order::sync)
                .post("/payments/{id}/close", CHANGE, order::close)
                .post("/payments/{id}/refunds", CHANGE, order::refund)
                .get("/orders/{merchant}", VIEW, order::byNumber)
                .get("/discrepancies", VIEW, discrepancies::show)
                .get("/discrepancies/{id}", VIEW, discrepancies::one)
                .post("/discrepancies/{id}/resolve", CHANGE, discrepancies::resolve)
                .get("/merchants", VIEW, merchants::show)
                .get("/merchants/names", VIEW, merchants::names)
                .get("/merchants/new", CHANGE, merchant::newForm)
                .post("/merchants/new", CHANGE, merchant::create)
                .get("/merchants/{id}", VIEW, merchant::show)
                .post("/merchants/{id}", CHANGE, merchant::change)
                .get("/merchants/{id}/health", VIEW, merchant::health)
                .post("/merchants/{id}/rotate-secret", CHANGE, merchant::rotate)
                .post("/merchants/{id}/keys", CHANGE, merchant::addKey)
                .post("/merchants/{id}/keys/{key}/end", CHANGE, merchant::revokeKey)
                .post("/merchants/{id}/{act}", CHANGE, merchant::act)
                .get("/ladders", VIEW, ladders::show)
                .post("/ladders", CHANGE, ladders::save)
                .get("/resend", CHANGE, resend::show)
                .post("/resend/count", CHANGE, resend::count)
                .post("/resend/run", CHANGE, resend::run)
                .get("/audit", VIEW, new AuditPage(parts.audit(), messages)::show)
                .get("/", VIEW, overview::show)
                .get("/console/live", VIEW, live::stream);
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

    /** Renders the page. */
    String render(PageRequest visit, PageResponse.Html html) {
        Map<String, Object> model = new HashMap<>(html.model());
        model.put("v", layout(visit));
        model.put("f", PageFormat.of(visit.language()));
        return templates.render(html.template(), visit.language(), model);
    }

    private PageLayout layout(PageRequest visit) {
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
                        .filter(messages::has)
                        .orElse(""),
                assets,
                parts.version().text(),
                parts.clock().millis());
    }

    /** The navigation entry of a page. */
    private static String section(String first) {
        return switch (first) {
            case "/orders" -> "/payments";
            case "/resend" -> "/notifications";
            default -> first;
        };
    }

    /** The page of a problem. */
    PageResponse problem(PageRequest visit, Problem problem) {
        return problems.page(visit, problem);
    }
}
