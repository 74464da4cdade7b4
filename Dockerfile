# The image of Rung: docker build -t rung .
FROM eclipse-temurin:25-jdk AS build
# mvnw unpacks Maven's zip file, whose checksum it knows, with unzip.
RUN apt-get update && apt-get install -y --no-install-recommends unzip && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Maven's downloads are cached between builds, in a folder beside the sources. Tests and code checks are left to ./verify.
RUN --mount=type=cache,target=/src/.maven \
    MAVEN_USER_HOME=/src/.maven ./mvnw --batch-mode --no-transfer-progress -Dmaven.repo.local=/src/.maven/repository \
      -pl server -am package -Dmaven.test.skip=true -Dspotless.check.skip=true -Dstrict.skip=true \
    && java -Djarmode=tools -jar server/target/rung.jar extract --destination /app

FROM eclipse-temurin:25-jre
COPY --from=build /app /app
COPY scripts/train-app.sh scripts/healthcheck.sh /app/
# A start-up cache works only with the JVM that made it, so it is made in this stage.
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
