package dev.rung.web;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;

/** Writes the JSON that controllers return as {@link JsonWriter.Content}. */
final class JsonContentConverter implements HttpMessageConverter<JsonWriter.Content> {
    private static final List<MediaType> TYPES =
            List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_PROBLEM_JSON);

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return JsonWriter.Content.class.isAssignableFrom(type);
    }

    @Override
    public List<MediaType> getSupportedMediaTypes() {
        return TYPES;
    }

    @Override
    public JsonWriter.Content read(Class<? extends JsonWriter.Content> type, HttpInputMessage message) {
        throw new HttpMessageNotReadableException("requests are read by FieldReader", message);
    }

    @Override
    public void write(JsonWriter.Content content, @Nullable MediaType mediaType, HttpOutputMessage message)
            throws IOException {
        byte[] body = JsonWriter.write(content);
        if (message.getHeaders().getContentType() == null) {
            message.getHeaders().setContentType(mediaType == null ? MediaType.APPLICATION_JSON : mediaType);
        }
        message.getHeaders().setContentLength(body.length);
        message.getBody().write(body);
    }
}
