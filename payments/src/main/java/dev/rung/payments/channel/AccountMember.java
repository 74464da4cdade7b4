package dev.rung.payments.channel;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One member of a channel account, such as {@code app_id} or {@code private_key}.
 *
 * <p>A {@link Kind#FILE} or {@link Kind#SECRET} member is given in {@code rung.yaml} as {@code NAME_file}, on the command line as {@code --TYPE-NAME-file};
 * the file's text is the value. By API the text itself is given under {@code NAME}.
 *
 * @param name lower case, digits and {@code _}
 * @param defaultText the value when none is given; null: none
 * @param placeholder stands for the value in help texts
 * @param description one line for help texts
 * @param check throws {@link IllegalArgumentException} for an invalid value; the message continues a sentence that begins with the member's name
 *     ({@code "is not an id"}) and never contains the value of a secret
 */
public record AccountMember(
        String name,
        Kind kind,
        boolean required,
        @Nullable String defaultText,
        String placeholder,
        String description,
        Consumer<String> check) {

    /** How a value is given, and whether it may be shown. */
    public enum Kind {
        /** One line, shown. */
        TEXT,
        /** The content of a file, such as a public key. */
        FILE,
        /** The content of a file that is never shown. */
        SECRET,
        /** A time of day, given as the member {@code at} of an object; on the command line the time itself. */
        TIME
    }

    /** The member of the object of a {@link Kind#TIME}. */
    public static final String AT = "at";

    /** The name of {@link #bills}. */
    public static final String BILLS = "bills";

    /** The name of {@link #ordersPrefix}. */
    public static final String ORDERS_PREFIX = "orders_prefix";

    /** Members of every account in the API. */
    private static final Set<String> RESERVED = Set.of("name", "type", "source", "methods", "secrets", "problem");

    public AccountMember {
        if (!name.matches("[a-z][a-z0-9_]{0,31}") || name.endsWith("_file") || RESERVED.contains(name)) {
            throw new IllegalArgumentException("\"" + name + "\" cannot be the name of a member");
        }
        if (required && defaultText != null) {
            throw new IllegalArgumentException(name + " is required and has a default");
        }
    }

    /** An optional member of one line. */
    public static AccountMember text(String name, String placeholder, String description) {
        return new AccountMember(name, Kind.TEXT, false, null, placeholder, description, value -> {});
    }

    /** An optional member whose value is a file's content. */
    public static AccountMember file(String name, String description) {
        return new AccountMember(name, Kind.FILE, false, null, "FILE", description, value -> {});
    }

    /** An optional member whose value is a file's content and never shown. */
    public static AccountMember secret(String name, String description) {
        return new AccountMember(name, Kind.SECRET, false, null, "FILE", description, value -> {});
    }

    /**
     * When the bill of the day before is fetched, in the channel's time zone.
     *
     * @param at {@code 10:30}, or {@code off}
     */
    public static AccountMember bills(String at) {
        return new AccountMember(
                BILLS,
                Kind.TIME,
                false,
                at,
                "TIME",
                "when yesterday's bill is fetched, in the channel's time zone, or off; in rung.yaml {at: \"10:30\"}",
                MemberChecks::timeOrOff);
    }

    /** What the numbers of orders on bills begin with; other systems' orders are left out. */
    public static AccountMember ordersPrefix() {
        return text(ORDERS_PREFIX, "TEXT", "only orders that begin with this are compared with bills, such as pay_");
    }

    /** The same member, required: an account without it is invalid. */
    public AccountMember asRequired() {
        return new AccountMember(name, kind, true, null, placeholder, description, check);
    }

    /** The same member with a default value. */
    public AccountMember defaultingTo(String text) {
        return new AccountMember(name, kind, false, text, placeholder, description, check);
    }

    /** The same member with a check of its values; see {@link #check()}. */
    public AccountMember checkedBy(Consumer<String> checkOfValue) {
        return new AccountMember(name, kind, required, defaultText, placeholder, description, checkOfValue);
    }

    /** Whether {@code rung.yaml} and the command line name a file that contains the value. */
    public boolean isFromFile() {
        return kind == Kind.FILE || kind == Kind.SECRET;
    }

    /** The name in {@code rung.yaml}, such as {@code private_key_file}. */
    public String settingName() {
        return isFromFile() ? name + "_file" : name;
    }
}
