# Rung as an image: docker build -t rung .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
# What Maven downloads is kept between builds, beside the sources and not in whatever home the build has. What only judges
# the sources is left to ./verify.
RUN --mount=type=cache,target=/src/.maven \
    MAVEN_USER_HOME=/src/.maven ./mvnw --batch-mode --no-transfer-progress -Dmaven.repo.local=/src/.maven/repository \
      -pl server -am package -Dmaven.test.skip=true -Dspotless.check.skip=true -Dstrict.skip=true \
    && java -Djarmode=tools -jar server/target/rung.jar extract --destination /app

FROM eclipse-temurin:25-jre
COPY --from=build /app /app
COPY scripts/train-app.sh scripts/healthcheck.sh /app/
# The start-up cache fits only the very JVM that made it, so it is made here and not in the stage above.
RUN /app/train-app.sh /app \
    && useradd --uid 10001 --home-dir /data --create-home rung
USER rung
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENV RUNG_BIND=0.0.0.0 RUNG_DATA_DIR=/data
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s CMD ["/app/healthcheck.sh"]
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/app/server.aot", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:aot*=off:stderr", "-Xlog:cds*=off:stderr", "-jar", "/app/rung.jar"]
CMD ["serve"]
