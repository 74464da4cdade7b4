package dev.rung.core.model;

/** A choice with a number that stores keep and a word that the API speaks. */
public interface CodedEnum {
    /** The stored number. */
    int code();

    /** The API's word. */
    String text();

    /**
     * The choice with this stored number.
     *
     * @throws IllegalArgumentException if there is none: the row was written by a newer version
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
     * The choice with this word.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    static <E extends Enum<E> & CodedEnum> E ofText(Class<E> type, String text) {
        StringBuilder known = new StringBuilder();
        for (E choice : type.getEnumConstants()) {
            if (choice.text().equals(text)) {
                return choice;
            }
            known.append(known.isEmpty() ? "" : ", ").append(choice.text());
        }
        throw new IllegalArgumentException("is not one of " + known);
    }
}
