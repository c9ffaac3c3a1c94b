// The OTLP/HTTP receiver of the OpenTelemetry Collector for the tests: what it accepted is written to standard output, one JSON text a request.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configgrpc"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
)

var output sync.Mutex

func write(text []byte, err error) error {
	if err != nil {
		return err
	}
	output.Lock()
	defer output.Unlock()
	_, err = os.Stdout.Write(append(text, '\n'))
	return err
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "otlp_receiver:", err)
		os.Exit(1)
	}
}

// usage: otlp_receiver ADDRESS
func main() {
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*otlpreceiver.Config)
	config.Protocols.GRPC = configoptional.None[configgrpc.ServerConfig]()
	http := config.Protocols.HTTP.GetOrInsertDefault()
	http.ServerConfig.NetAddr.Endpoint = os.Args[1]

	settings := receiver.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings(),
		BuildInfo: component.NewDefaultBuildInfo()}
	logs, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error { return write((&plog.JSONMarshaler{}).MarshalLogs(logs)) })
	check(err)
	traces, err := consumer.NewTraces(func(_ context.Context, traces ptrace.Traces) error {
		return write((&ptrace.JSONMarshaler{}).MarshalTraces(traces))
	})
	check(err)
	ctx := context.Background()
	first, err := factory.CreateLogs(ctx, settings, config, logs)
	check(err)
	second, err := factory.CreateTraces(ctx, settings, config, traces)
	check(err)
	host := componenttest.NewNopHost()
	check(first.Start(ctx, host))
	check(second.Start(ctx, host))
	fmt.Println("ready")

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
	check(first.Shutdown(ctx))
	check(second.Shutdown(ctx))
}
