package dev.rung.client;

/** A constant with a value in the API. */
interface ApiValue {
    String apiValue();

    /** The constant of a value; the last one, {@code UNKNOWN}, for a value of a newer server. */
    static <E extends Enum<E> & ApiValue> E of(Class<E> type, String value) {
        E[] all = type.getEnumConstants();
        for (E each : all) {
            if (each.apiValue().equals(value)) {
                return each;
            }
        }
        return all[all.length - 1];
    }
}
