package dev.rung.spring.webhook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of type {@link VerifiedWebhook} of a {@code POST} handler. The handler runs only for verified notifications, each once:
 *
 * <ul>
 *   <li>a request without a valid signature is answered with 401;
 *   <li>a repetition of one that was handled is acknowledged without running the handler;
 *   <li>the handler runs in a transaction, which also stores the notification's id. It is committed if the handler responds with 2xx, before the
 *       response is sent; otherwise it is rolled back, and Rung tries again.
 * </ul>
 *
 * <p>Without a database and a transaction manager, the latest ids are kept in memory.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface RungWebhook {}
