package dev.rung.console;

/** Where pages are. */
final class Paths {
    private Paths() {}

    /** The page of what has this id; empty if there is none. */
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

    /** The path if it is one of this server, else the first page: nobody is sent elsewhere by what came with a request. */
    static String own(String path) {
        boolean own = path.startsWith("/")
                && !path.startsWith("//")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        return own ? path : "/";
    }
}
