# Rung as an image: docker build -t rung .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw --batch-mode --no-transfer-progress -pl server -am package -Dmaven.test.skip=true -Dspotless.check.skip=true \
    && java -Djarmode=tools -jar server/target/rung.jar extract --destination /app

FROM eclipse-temurin:25-jre
COPY --from=build /app /app
COPY scripts/train-app.sh scripts/healthcheck.sh /app/
# The start-up cache fits only the very JVM that made it, so it is made here and not in the stage above.
RUN JAVA_HOME=/opt/java/openjdk /app/train-app.sh /app \
    && useradd --system --uid 10001 --home-dir /data --create-home rung
USER rung
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENV RUNG_BIND=0.0.0.0 RUNG_DATA_DIR=/data
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["/app/healthcheck.sh"]
ENTRYPOINT ["java", "-XX:AOTCache=/app/server.aot", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:aot*=off:stderr", "-Xlog:cds*=off:stderr", "-jar", "/app/rung.jar"]
CMD ["serve"]
