import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.opensearch.OpenSearchStatusException;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.util.concurrent.ThreadContext;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.ingest.common.IngestCommonPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.SecureHttpTransportSettingsProvider;
import org.opensearch.plugins.SecureSettingsFactory;
import org.opensearch.plugins.SecureTransportSettingsProvider;
import org.opensearch.plugins.TransportExceptionHandler;
import org.opensearch.rest.BytesRestResponse;
import org.opensearch.rest.RestHandler;
import org.opensearch.script.mustache.MustachePlugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * An OpenSearch node for the tests, on this machine alone. Says "ready" when it serves.
 * usage: Server KEYSTORE FOLDER PORT [--once]   the keystore (PKCS 12) is for HTTPS; --once: ends when it is ready
 * AUTHORIZATIONS: the values of the header Authorization that are let in, one a line
 */
final class Server extends Node {
  private Server(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "tests"),
        List.of(Netty4Plugin.class, IngestCommonPlugin.class, PainlessPlugin.class, MustachePlugin.class, Guard.class),
        true);
  }

  public static void main(String[] arguments) throws Exception {
    Server server = new Server(
        Settings.builder()
            .put("path.home", arguments[1])
            .put("path.data", arguments[1] + "/data")
            .put("http.port", arguments[2])
            .put(Guard.KEYSTORE, arguments[0])
            .put("cluster.name", "tests")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("transport.type", "netty4")
            .put("transport.port", "0")
            .put("http.type", "netty4-secure")
            .put("http.max_content_length", "512kb")
            .put("node.processors", 1)
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }));
    server.start();
    System.out.println("ready");
    if (arguments.length > 3) System.exit(0);
    Thread.currentThread().join();
  }

  /** TLS, and who is let in: what the distribution's security plugin does, and the node alone does not. */
  public static final class Guard extends Plugin implements ActionPlugin {
    static final String KEYSTORE = "tests.keystore";
    private final Set<String> allowed = Set.copyOf(Arrays.asList(System.getenv("AUTHORIZATIONS").split("\n")));

    @Override
    public List<Setting<?>> getSettings() {
      return List.of(Setting.simpleString(KEYSTORE, Setting.Property.NodeScope));
    }

    @Override
    public UnaryOperator<RestHandler> getRestHandlerWrapper(ThreadContext context) {
      return handler -> (request, channel, client) -> {
        if (allowed.contains(String.valueOf(request.header("Authorization")))) {
          handler.handleRequest(request, channel, client);
        } else {
          channel.sendResponse(new BytesRestResponse(channel, new OpenSearchStatusException("who is this?", RestStatus.UNAUTHORIZED)));
        }
      };
    }

    @Override
    public Optional<SecureSettingsFactory> getSecureSettingFactory(Settings settings) {
      return Optional.of(new SecureSettingsFactory() {
        @Override
        public Optional<SecureTransportSettingsProvider> getSecureTransportSettingsProvider(Settings ignored) {
          return Optional.empty();
        }

        @Override
        public Optional<SecureHttpTransportSettingsProvider> getSecureHttpTransportSettingsProvider(Settings ignored) {
          return Optional.of(new Tls(settings.get(KEYSTORE)));
        }
      });
    }
  }

  private static final class Tls implements SecureHttpTransportSettingsProvider {
    private static final char[] PASSWORD = "tests-only".toCharArray();
    private final SSLContext context;

    Tls(String path) {
      try (FileInputStream file = new FileInputStream(path)) {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(file, PASSWORD);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalArgumentException(e);
      }
    }

    @Override
    public Optional<TransportExceptionHandler> buildHttpServerExceptionHandler(Settings settings, HttpServerTransport transport) {
      return Optional.empty();
    }

    @Override
    public Optional<SSLEngine> buildSecureHttpServerEngine(Settings settings, HttpServerTransport transport) {
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(false);
      return Optional.of(engine);
    }
  }
}
