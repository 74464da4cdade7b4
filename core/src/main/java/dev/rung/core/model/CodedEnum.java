package dev.rung.core.model;

/** An enum with a number for stores and a text for the API. */
public interface CodedEnum {
    /** The stored number. */
    int code();

    /** The value in the API. */
    String text();

    /**
     * The constant with this stored number.
     *
     * @throws IllegalArgumentException if there is none: a newer version wrote the row
     */
    static <E extends Enum<E> & CodedEnum> E ofCode(Class<E> type, int code) {
        for (E choice : type.getEnumConstants()) {
            if (choice.code() == code) {
                return choice;
            }
        }
        throw new IllegalArgumentException("no " + type.getSimpleName() + " has the code " + code);
    }

    /**
     * The constant with this text.
     *
     * @throws InvalidValueException if there is none; the message continues a sentence that begins with the field's name, and lists
     *     the valid texts
     */
    static <E extends Enum<E> & CodedEnum> E ofText(Class<E> type, String text) {
        StringBuilder known = new StringBuilder();
        for (E choice : type.getEnumConstants()) {
            if (choice.text().equals(text)) {
                return choice;
            }
            known.append(known.isEmpty() ? "" : ", ").append(choice.text());
        }
        throw new InvalidValueException("not_one_of", "is not one of " + known, known.toString());
    }
}
