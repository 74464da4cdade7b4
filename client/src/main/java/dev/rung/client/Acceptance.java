package dev.rung.client;

/** How a discrepancy is settled. */
public enum Acceptance {
    /** The payment becomes what its channel proves, and the merchant is notified. */
    CHANNEL("channel"),
    /** The payer gets the money back. */
    REFUND("refund");

    private final String apiValue;

    Acceptance(String apiValue) {
        this.apiValue = apiValue;
    }

    String apiValue() {
        return apiValue;
    }
}
