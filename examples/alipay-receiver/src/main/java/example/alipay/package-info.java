/** A merchant that was integrated with Alipay, and receives Rung's notifications with the same code. */
@NullMarked
package example.alipay;

import org.jspecify.annotations.NullMarked;
