package dev.rung.console;

import java.util.List;

/**
 * What every page is told beside its own matter; known to templates as {@code v}.
 *
 * @param csrf what changes must bring along; empty while nobody is signed in
 * @param operator whether changes may be offered
 * @param here the page's path and query
 * @param done what was done a moment ago, to be said on top; empty: nothing
 * @param section which entry of the navigation it belongs to
 * @param now epoch milliseconds
 */
public record PageLayout(
        Language language,
        Theme theme,
        boolean signedIn,
        boolean operator,
        String csrf,
        String here,
        String section,
        String done,
        Assets assets,
        String version,
        long now) {

    /** Entries of the navigation: a key of words, and where it leads. */
    public record Entry(String key, String path) {}

    /** The navigation, in order. */
    public List<Entry> navigation() {
        return ConsoleRoutes.NAVIGATION;
    }

    public Language[] languages() {
        return Language.values();
    }

    public Theme[] themes() {
        return Theme.values();
    }
}
