package example.shop;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The shop's API. */
@RestController
class OrdersApi {
    /** 1–64 printable ASCII characters, as in a notification. */
    private static final String ORDER_NO = "[ -~]{1,64}";

    private final Orders orders;

    OrdersApi(Orders orders) {
        this.orders = orders;
    }

    /** A request for an order. */
    record NewOrder(@JsonProperty("order_no") @Nullable String orderNo, long amount) {}

    /** 201 for a new order, 200 for one that was placed before. */
    @PostMapping("/orders")
    ResponseEntity<Order> place(@RequestBody NewOrder wanted) {
        String orderNo = wanted.orderNo();
        if (orderNo == null || !orderNo.matches(ORDER_NO)) {
            throw new ResponseStatusException(
                    HttpStatus.UNPROCESSABLE_CONTENT, "order_no must have 1 to 64 printable ASCII characters");
        }
        HttpStatus status = HttpStatus.CREATED;
        try {
            orders.place(orderNo, wanted.amount());
        } catch (DuplicateKeyException e) {
            status = HttpStatus.OK;
        }
        return ResponseEntity.status(status).body(get(orderNo));
    }

    @GetMapping("/orders/{orderNo}")
    Order get(@PathVariable("orderNo") String orderNo) {
        return orders.find(orderNo).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
