package dev.rung.console;

import dev.rung.core.model.Role;
import java.util.List;

/**
 * The model of the page layout; templates use it as {@code v}.
 *
 * @param csrf the CSRF token; empty if not signed in
 * @param operator whether the caller may make changes
 * @param merchant the id of the merchant whose portal it is; empty if it is not a portal
 * @param merchantName its name; empty if it is not a portal
 * @param here the page's path and query
 * @param done message key of the confirmation shown on top; empty if there is none
 * @param section path of the active navigation entry
 * @param now epoch milliseconds
 */
public record PageLayout(
        Language language,
        Theme theme,
        boolean signedIn,
        boolean operator,
        String role,
        String merchant,
        String merchantName,
        String csrf,
        String here,
        String section,
        String done,
        Assets assets,
        String version,
        long now) {

    private static final List<Entry> NAVIGATION = List.of(
            new Entry("nav.overview", "/"),
            new Entry("nav.notifications", "/notifications"),
            new Entry("nav.payments", "/payments"),
            new Entry("nav.discrepancies", "/discrepancies"),
            new Entry("nav.approvals", "/approvals"),
            new Entry("nav.merchants", "/merchants"),
            new Entry("nav.channels", "/channels"),
            new Entry("nav.rejected", "/rejected"),
            new Entry("nav.ladders", "/ladders"),
            new Entry("nav.alerts", "/alerts"),
            new Entry("nav.keys", "/keys"),
            new Entry("nav.audit", "/audit"));

    /** Entries of the navigation: message key and path. */
    public record Entry(String key, String path) {}

    /** The navigation entries, in order. */
    public List<Entry> navigation() {
        return merchant.isEmpty()
                ? NAVIGATION
                : List.of(
                        new Entry("nav.own", "/merchants/" + merchant),
                        new Entry("nav.notifications", "/notifications"),
                        new Entry("nav.payments", "/payments"),
                        new Entry("nav.endpoints", "/merchants/" + merchant + "/endpoints"));
    }

    /** Whether it may send tests, rotate keys and change endpoints: an operator, or a merchant that manages its own. */
    public boolean manages() {
        return operator || role.equals(Role.MERCHANT_MANAGE.text());
    }

    /** Whether it may resend. */
    public boolean resends() {
        return operator || !merchant.isEmpty();
    }

    public Language[] languages() {
        return Language.values();
    }

    public Theme[] themes() {
        return Theme.values();
    }
}
