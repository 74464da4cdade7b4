package dev.rung.client;

import java.util.Map;

/**
 * The fields of a new or updated merchant; one that is not set means the default, or no change. Built step by step: {@code
 * MerchantFields.named("Tea House").withNotifyUrl("https://…")}.
 */
public final class MerchantFields extends ReceiverFields<MerchantFields> {
    /** No fields, for an update. */
    public static final MerchantFields NONE = new MerchantFields(Map.of());

    private MerchantFields(Map<String, Object> set) {
        super(set);
    }

    /** A name, the only required field of a new merchant. */
    public static MerchantFields named(String name) {
        return NONE.withName(name);
    }

    public MerchantFields withNotifyUrl(String value) {
        return with("notify_url", value);
    }

    /** Its number at WeChat Pay, where a service provider's account takes its payments. */
    public MerchantFields withSubMchid(String value) {
        return with("sub_mchid", value);
    }

    /** Its app at WeChat, if its payers use it; with {@link #withSubMchid}. */
    public MerchantFields withSubAppid(String value) {
        return with("sub_appid", value);
    }

    /** Its authorization at Alipay, where a service provider's account takes its payments. */
    public MerchantFields withAppAuthToken(String value) {
        return with("app_auth_token", value);
    }

    @Override
    MerchantFields copy(Map<String, Object> fields) {
        return new MerchantFields(fields);
    }
}
