package dev.rung.store.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of the two databases it is, and its version. */
record MySqlVersion(boolean isMariaDb, int major, int minor, String text) {
    static final String REQUIRED = "MySQL 8.0 or MariaDB 10.11 or newer";

    private static final Pattern MARIADB = Pattern.compile("(\\d+)\\.(\\d+)[0-9.]*-MariaDB");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)");

    static MySqlVersion of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version()")) {
            row.next();
            return parse(row.getString(1));
        }
    }

    static MySqlVersion parse(String text) {
        Matcher mariaDb = MARIADB.matcher(text);
        boolean isMariaDb = mariaDb.find();
        Matcher numbers = isMariaDb ? mariaDb : NUMBERS.matcher(text);
        return isMariaDb || numbers.find()
                ? new MySqlVersion(
                        isMariaDb, Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), text)
                : new MySqlVersion(false, 0, 0, text);
    }

    /** Whether it is a vtgate, which shows the version that its clients may rely on. */
    boolean isVitess() {
        return text.endsWith("-Vitess");
    }

    boolean isSupported() {
        return isMariaDb ? major > 10 || major == 10 && minor >= 11 : major >= 8;
    }

    /** Such as {@code MariaDB 10.11.6} or {@code MySQL 8.4.0}. */
    @Override
    public String toString() {
        return (isMariaDb ? "MariaDB " : "MySQL ") + text.replaceFirst("-.*", "");
    }
}
