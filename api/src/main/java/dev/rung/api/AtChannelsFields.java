package dev.rung.api;

import dev.rung.core.model.InvalidValueException;
import dev.rung.core.model.Merchant;
import dev.rung.crypto.AppAuthTokens;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The members of a merchant that say how channels know it, where a service provider takes its payments. Of a change, only those that are given apply; null
 * removes one.
 */
record AtChannelsFields(Given subMchid, Given subAppid, Given appAuthToken) {
    private static final String SUB_MCHID = "sub_mchid";
    private static final String SUB_APPID = "sub_appid";
    private static final String APP_AUTH_TOKEN = "app_auth_token";

    private record Given(boolean isGiven, @Nullable String value) {
        static Given read(FieldReader fields, String name) {
            return new Given(fields.has(name), fields.text(name, AtChannelsFields::id));
        }

        @Nullable String or(@Nullable String before) {
            return isGiven ? value : before;
        }
    }

    static AtChannelsFields read(FieldReader fields) {
        return new AtChannelsFields(
                Given.read(fields, SUB_MCHID), Given.read(fields, SUB_APPID), Given.read(fields, APP_AUTH_TOKEN));
    }

    private static String id(String text) {
        if (!text.matches("[A-Za-z0-9_-]{1,128}")) {
            throw new InvalidValueException("invalid_characters", "is not 1 to 128 letters, digits, - and _");
        }
        return text;
    }

    /**
     * The merchant with these members.
     *
     * @throws dev.rung.web.ProblemException 422
     */
    Merchant applyTo(Merchant merchant, AppAuthTokens tokens) {
        Merchant.AtChannels before = merchant.atChannels();
        String mchid = subMchid.or(before.subMchid());
        String appid = subAppid.or(before.subAppid());
        if (appid != null && mchid == null) {
            throw Problem.invalid(
                            SUB_APPID,
                            "invalid_combination",
                            "is not complete: sub_mchid is missing",
                            "sub_mchid is missing")
                    .asException();
        }
        String token = appAuthToken.value();
        byte[] sealed = token == null ? null : tokens.seal(merchant.id(), token);
        return merchant.withAtChannels(
                new Merchant.AtChannels(mchid, appid, appAuthToken.isGiven() ? sealed : before.appAuthToken()));
    }
}
