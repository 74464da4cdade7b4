package dev.rung.client;

/** What a merchant's own key or portal link may do. */
public enum MerchantRole implements ApiValue {
    /** Reads what belongs to the merchant, and resends its notifications. */
    VIEW("view"),
    /** Also creates and revokes the merchant's keys, rotates its signing key, changes its endpoints, and sends tests. */
    MANAGE("manage"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    MerchantRole(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }
}
