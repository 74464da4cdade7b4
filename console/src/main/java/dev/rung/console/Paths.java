package dev.rung.console;

/** Paths of pages. */
final class Paths {
    private Paths() {}

    /** The page of the object with this id; empty if it has none. */
    static String of(String id) {
        int underscore = id.indexOf('_');
        return switch (underscore < 0 ? "" : id.substring(0, underscore)) {
            case "ntf" -> "/notifications/" + id;
            case "mch" -> "/merchants/" + id;
            case "pay" -> "/payments/" + id;
            case "dsc" -> "/discrepancies/" + id;
            default -> "";
        };
    }

    /** The path if it is local, else {@code /}: prevents open redirects. */
    static String local(String path) {
        boolean local = path.startsWith("/")
                && !path.startsWith("//")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        return local ? path : "/";
    }
}
