package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.model.SubMerchant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Whom an order is for: the account's own merchant (直连商户), or the merchant that the account takes it for as a service provider (服务商). The two have paths and
 * members of their own.
 *
 * @param subMerchant null: the account's own
 */
record WechatpayParties(WechatpayAccount account, @Nullable SubMerchant subMerchant) {
    private static final String ORDERS = "/v3/pay/transactions/";
    private static final String PARTNER_ORDERS = "/v3/pay/partner/transactions/";

    /** The path of orders, with a slash at the end. */
    String orders() {
        return subMerchant == null ? ORDERS : PARTNER_ORDERS;
    }

    /** Writes their apps and numbers, as orders have them. */
    void writeApps(JsonGenerator json) {
        if (subMerchant == null) {
            json.writeStringProperty("appid", account.appId());
        } else {
            json.writeStringProperty("sp_appid", account.appId());
            if (subMerchant.appId() != null) {
                json.writeStringProperty("sub_appid", subMerchant.appId());
            }
        }
        writeNumbers(json);
    }

    /** Writes their numbers. */
    void writeNumbers(JsonGenerator json) {
        if (subMerchant == null) {
            json.writeStringProperty("mchid", account.mchId());
        } else {
            json.writeStringProperty("sp_mchid", account.mchId());
            json.writeStringProperty("sub_mchid", subMerchant.mchId());
        }
    }

    /** Their numbers as a query. */
    String query() {
        return subMerchant == null
                ? "?mchid=" + account.mchId()
                : "?sp_mchid=" + account.mchId() + "&sub_mchid=" + subMerchant.mchId();
    }

    /** The member of a payer's id: it is an id within the app that the payer uses. */
    String payerMember() {
        if (subMerchant == null) {
            return "openid";
        }
        return subMerchant.appId() == null ? "sp_openid" : "sub_openid";
    }

    /** The app that the payer uses. */
    String clientAppId() {
        return subMerchant == null || subMerchant.appId() == null ? account.appId() : subMerchant.appId();
    }

    /** Whether a transaction is theirs. */
    boolean haveMade(JsonObject transaction) {
        return subMerchant == null
                ? account.appId().equals(transaction.text("appid"))
                        && account.mchId().equals(transaction.text("mchid"))
                : areOf(account, transaction) && subMerchant.mchId().equals(transaction.text("sub_mchid"));
    }

    /** Whether a transaction is of this account, for itself or for whichever merchant. */
    static boolean areOf(WechatpayAccount account, JsonObject transaction) {
        return new WechatpayParties(account, null).haveMade(transaction)
                || account.appId().equals(transaction.text("sp_appid"))
                        && account.mchId().equals(transaction.text("sp_mchid"));
    }
}
