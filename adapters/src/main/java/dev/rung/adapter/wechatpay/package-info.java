/** The channel {@code wechatpay}: WeChat Pay's API v3, native orders. Read {@link dev.rung.adapter.wechatpay.WechatpayChannel} first. */
@NullMarked
package dev.rung.adapter.wechatpay;

import org.jspecify.annotations.NullMarked;
