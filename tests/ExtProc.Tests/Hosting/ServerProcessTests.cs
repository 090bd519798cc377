using System.Net;
using System.Net.Sockets;
using Envoy.Service.ExtProc.V3;
using ExtProc.Tests.Transport;
using Google.Protobuf;
using Grpc.Health.V1;
using Wire = Envoy.Extensions.Filters.Http.ExtProc.V3;

namespace ExtProc.Tests.Hosting;

public class ServerProcessTests
{
    private const string Process = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    [Fact]
    public async Task The_admin_port_tells_alive_from_ready()
    {
        await using var server = await ServerProcess.ServeAsync();

        Assert.Equal((HttpStatusCode.OK, "live"), await server.AdminAsync("/live"));
        Assert.Equal((HttpStatusCode.OK, "ready"), await server.AdminAsync("/ready"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.AdminAsync("/")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.AdminAsync("/live", HttpMethod.Post)).Status);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_an_idle_server_with_exit_code_0(string signal)
    {
        await using var server = await ServerProcess.ServeAsync();

        await server.SignalAsync(signal);

        Assert.Equal(0, await server.ExitAsync());
        Assert.EndsWith("Drain: stopped", server.Errors.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listen")]
    [InlineData("--admin")]
    public async Task A_port_in_use_is_named_by_its_number_and_exits_2(string flag)
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string other = flag == "--listen" ? "--admin" : "--listen";

        var (code, output, errors) = await ServerProcess.RunAsync(["serve", flag, $"127.0.0.1:{port}", other, "127.0.0.1:0"]);

        Assert.Equal((2, ""), (code, output));
        Assert.Equal($"extproc: port {port} (127.0.0.1:{port}, {flag}) is in use already; stop what listens there, or give another port", errors.Split('\n').Single(line => !line.Contains(" information ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused_and_exits_2()
    {
        var (code, _, errors) = await ServerProcess.RunAsync(["serve", "--listen", "192.0.2.1:9000", "--admin", "off"]);

        Assert.Equal((2, "extproc: 192.0.2.1:9000 is not an address of this machine"), (code, errors));
    }

    [Fact]
    public async Task What_cannot_be_used_is_told_with_its_place_by_check_and_serve_alike()
    {
        using TemporaryFile file = new("pipeline:\n- name: headres\n");
        string expected = $"{file.Path}:2:9: error: pipeline[0].name: there is no processor \"headres\"; did you mean headers? allowed: headers, instructed, replace";

        Assert.Equal((2, "", expected), await ServerProcess.RunAsync(["check", file.Path]));
        Assert.Equal((2, "", expected), await ServerProcess.RunAsync(["serve", "--config", file.Path]));
        Assert.Equal((2, "", expected), await ServerProcess.RunAsync(["serve"], new Dictionary<string, string> { ["EXTPROC_CONFIG"] = file.Path }));
    }

    [Fact]
    public async Task A_pipeline_that_cannot_work_with_the_declared_Envoy_is_refused_by_check_and_serve_alike()
    {
        using TemporaryFile file = new("pipeline:\n- name: replace\n  text: a\nenvoy:\n  messageTimeout: 15s\n  processingMode: { requestBodyMode: NONE }\n");

        var check = await ServerProcess.RunAsync(["check", file.Path]);
        var serve = await ServerProcess.RunAsync(["serve", "--config", file.Path]);

        Assert.Equal(check, serve);
        Assert.Equal(2, check.Code);
        Assert.StartsWith($"{file.Path}:2:3: error: replace: ", check.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_that_only_an_unproven_override_would_bring_are_refused_by_check_and_serve_alike()
    {
        using TemporaryFile file = new("pipeline:\n- name: replace\n  text: secret\n  in: request\nenvoy:\n  allowModeOverride: true\n  processingMode: { requestBodyMode: NONE }\n");

        var check = await ServerProcess.RunAsync(["check", file.Path]);
        var serve = await ServerProcess.RunAsync(["serve", "--config", file.Path]);

        Assert.Equal((2, 2), (check.Code, serve.Code));
        foreach (string errors in (string[])[check.Errors, serve.Errors])
        {
            Assert.Contains("envoy.allowModeOverride: helps only processors with onError: skip", errors, StringComparison.Ordinal);
            Assert.Contains($"{file.Path}:2:3: ", errors, StringComparison.Ordinal);
            Assert.Contains("envoy.trustModeOverride: true", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_exchange_in_flight_finishes_while_the_server_takes_no_new_ones()
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await BeginAsync(client);

        await server.SignalAsync("TERM");
        await server.LineAsync(server.Errors, line => line.Contains("stopping: health says NOT_SERVING, 1 exchanges are in flight", StringComparison.Ordinal));
        await client.UntilAsync(() => client.GoAwayCode == 0, "GOAWAY");

        Assert.Equal((HttpStatusCode.OK, "live"), await server.AdminAsync("/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await server.AdminAsync("/ready"));
        await Assert.ThrowsAsync<SocketException>(async () => await RawHttp2Client.ConnectAsync(server.Port));

        await exchange.SendAsync(Message(new() { ResponseHeaders = new() { EndOfStream = true } }), endStream: true);
        await exchange.EndAsync();
        Assert.Equal((0, 2), (exchange.GrpcStatus, exchange.Messages().Count));
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task An_exchange_that_does_not_finish_in_time_ends_UNAVAILABLE_never_OK()
    {
        await using var server = await ServerProcess.ServeAsync("--drain-timeout", "300ms");
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await BeginAsync(client);

        await server.SignalAsync("TERM");
        await exchange.EndAsync();

        Assert.Equal(14, exchange.GrpcStatus);
        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains(server.Errors, line => line.Contains("warning Drain: the time to finish is over: 1 exchanges end UNAVAILABLE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_watches_health_is_told_and_does_not_keep_the_server_from_ending()
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream watch = await client.CallAsync("/grpc.health.v1.Health/Watch");
        await watch.SendAsync(RawHttp2Client.Message(new HealthCheckRequest { Service = "envoy.service.ext_proc.v3.ExternalProcessor" }.ToByteArray()), endStream: true);
        await watch.ReceivedAsync(1);

        await server.SignalAsync("TERM");
        await watch.EndAsync();

        Assert.Equal(
            [HealthCheckResponse.Types.ServingStatus.Serving, HealthCheckResponse.Types.ServingStatus.NotServing],
            watch.Messages().Select(message => HealthCheckResponse.Parser.ParseFrom(message).Status));
        Assert.Equal(14, watch.GrpcStatus);
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Each_exchange_is_one_line_on_standard_output_when_asked_for()
    {
        await using var server = await ServerProcess.ServeAsync("--log-exchanges");
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await BeginAsync(client);
        await exchange.SendAsync(Message(new() { ResponseHeaders = new() { Headers = Headers((":status", "204")), EndOfStream = true } }), endStream: true);
        await exchange.EndAsync();

        string line = await server.LineAsync(server.Output, line => line.Contains("ended=", StringComparison.Ordinal));

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z 5f0c-7a1e GET /orders\?\.\.\. status=204 request=0>0B response=0>0B times=rqh:", line);
        Assert.Contains(" changed=- ended=completed in=", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_exchange_is_one_line_of_the_log_without_a_stack()
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await BeginAsync(client);
        await exchange.SendAsync(Message(new() { RequestHeaders = new() { Headers = Headers((":method", "GET")) } }), endStream: true);
        Assert.Equal(9, (await exchange.EndAsync()).GrpcStatus);

        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());

        string line = Assert.Single(server.Errors, line => line.Contains("request headers came", StringComparison.Ordinal));
        Assert.EndsWith("warning ExchangeService: - exchange failed: protocol_violation: request headers came after that direction's end", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_processor_threw_is_one_line_of_the_log_with_its_stack()
    {
        using TemporaryFile file = new("pipeline: [{ name: instructed }]\n");
        await using var server = await ServerProcess.ServeAsync("--config", file.Path);
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await client.CallAsync(Process);
        await exchange.SendAsync(Message(new()
        {
            RequestHeaders = new() { Headers = Headers((":method", "GET"), ("x-request-id", "5f0c-7a1e"), ("x-extproc-instruct", "request-headers=throw")), EndOfStream = true },
            ProtocolConfig = new() { RequestBodyMode = Wire.ProcessingMode.Types.BodySendMode.Buffered, ResponseBodyMode = Wire.ProcessingMode.Types.BodySendMode.Buffered },
        }));
        Assert.Equal(14, (await exchange.EndAsync()).GrpcStatus);

        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());

        string line = Assert.Single(server.Errors, line => line.Contains("thrown as instructed", StringComparison.Ordinal));
        Assert.Contains("warning ExchangeService: 5f0c-7a1e exchange failed: processor_failed: processor \"instructed\" threw: System.InvalidOperationException: thrown as instructed |    at ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exchange_whose_own_deadline_passed_is_not_told_as_drained()
    {
        await using var server = await ServerProcess.ServeAsync("--log-exchanges");
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await client.CallAsync(Process, ("grpc-timeout", "100m"));
        Assert.Equal(4, (await exchange.EndAsync()).GrpcStatus);

        string line = await server.LineAsync(server.Output, line => line.Contains("ended=", StringComparison.Ordinal));

        Assert.Contains(" ended=timed_out reason=deadline_passed in=", line, StringComparison.Ordinal);
    }

    private static async Task<RawStream> BeginAsync(RawHttp2Client client)
    {
        RawStream exchange = await client.CallAsync(Process);
        await exchange.SendAsync(Message(new()
        {
            RequestHeaders = new() { Headers = Headers((":method", "GET"), (":path", "/orders?token=secret"), ("x-request-id", "5f0c-7a1e")), EndOfStream = true },
            ProtocolConfig = new(),
        }));
        await exchange.ReceivedAsync(1);
        return exchange;
    }

    private static Envoy.Config.Core.V3.HeaderMap Headers(params (string Name, string Value)[] headers) =>
        new() { Headers = { headers.Select(header => new Envoy.Config.Core.V3.HeaderValue { Key = header.Name, RawValue = ByteString.CopyFromUtf8(header.Value) }) } };

    private static byte[] Message(ProcessingRequest request) => RawHttp2Client.Message(request.ToByteArray());
}
