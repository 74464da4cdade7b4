package dev.rung.client;

/** How a discrepancy is settled. */
public enum Acceptance {
    /** The payment takes the state that its channel confirms, and the merchant is notified. */
    CHANNEL("channel"),
    /** The payer is refunded. */
    REFUND("refund");

    private final String apiValue;

    Acceptance(String apiValue) {
        this.apiValue = apiValue;
    }

    String apiValue() {
        return apiValue;
    }
}
