package dev.rung.channel.wechatpay;

import com.wechat.pay.java.core.Config;
import com.wechat.pay.java.core.RSAPublicKeyConfig;
import com.wechat.pay.java.core.http.DefaultHttpClientBuilder;
import com.wechat.pay.java.core.http.HttpClient;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** WeChat Pay's own SDK with the merchant's keys, talking to {@link FakeWechatpay}. */
final class SdkClient {
    private SdkClient() {}

    static Config config() {
        return new RSAPublicKeyConfig.Builder()
                .merchantId(FakeWechatpay.MERCHANT)
                .privateKey(Base64.getEncoder()
                        .encodeToString(FakeWechatpay.MERCHANT_KEYS.getPrivate().getEncoded()))
                .merchantSerialNumber(FakeWechatpay.MERCHANT_SERIAL)
                .publicKey(FakeWechatpay.PLATFORM_KEYS.getPublic())
                .publicKeyId(FakeWechatpay.KEY_ID)
                .apiV3Key(FakeWechatpay.API_V3_KEY)
                .build();
    }

    static HttpClient to(FakeWechatpay wechatpay) {
        int port = wechatpay.gateway.url().getPort();
        OkHttpClient http = new OkHttpClient.Builder()
                .addInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .url(chain.request()
                                .url()
                                .newBuilder()
                                .scheme("http")
                                .host("127.0.0.1")
                                .port(port)
                                .build())
                        .build()))
                .addNetworkInterceptor(chain -> respelled(chain.proceed(chain.request())))
                .build();
        return new DefaultHttpClientBuilder()
                .config(config())
                .okHttpClient(http)
                .build();
    }

    /** The JDK's server spells headers in its own way, and the SDK reads them by WeChat Pay's spelling only. */
    private static Response respelled(Response response) {
        Response.Builder builder = response.newBuilder();
        for (String name : response.headers().names()) {
            String spelled = Stream.of(name.split("-"))
                    .map(w -> w.substring(0, 1).toUpperCase(Locale.ROOT) + w.substring(1))
                    .collect(Collectors.joining("-"));
            String value = response.header(name);
            builder.removeHeader(name).header(spelled, value == null ? "" : value);
        }
        return builder.build();
    }
}
