package example.shop;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An order.
 *
 * @param amount in minor units
 * @param notified whether the notification of it has arrived
 */
public record Order(@JsonProperty("order_no") String orderNo, long amount, boolean notified) {}
