using System.Diagnostics;
using Envoy.Service.ExtProc.V3;
using ExtProc.Tests.Transport;
using Google.Protobuf;
using Wire = Envoy.Extensions.Filters.Http.ExtProc.V3;

namespace ExtProc.Tests.Hosting;

/// <summary>What the real program writes when its clients misbehave, or its outputs do.</summary>
public sealed class LogOutputTests
{
    private const string Process = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    /// <summary>In header values Envoy lets escapes pass, and any byte above 127.</summary>
    private const string Hostile = "\u001b[2J\u001b]0;title\u0007\u009b31m\u202e\u2028x";

    [Fact]
    public async Task A_thousand_failed_exchanges_are_a_few_lines()
    {
        using TemporaryFile file = new("pipeline: [{ name: instructed }]\n");
        await using var server = await ServerProcess.ServeAsync("--config", file.Path);
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        for (int times = 0; times < 1000; times++)
        {
            await FailAsync(client, $"id-{times}", "request-headers=throw");
        }

        await EndAsync(server);

        Assert.InRange(server.Errors.Count(line => line.Contains("thrown as instructed", StringComparison.Ordinal)), 1, 60); // in as many whiles as that takes
        Assert.Single(server.Errors, line => line.Contains(" |    at ", StringComparison.Ordinal));
        Assert.Contains(server.Errors, line => line.Contains("more lines like this since", StringComparison.Ordinal));
        Assert.InRange(server.Errors.Sum(line => line.Length), 1, 40_000);
    }

    [Fact]
    public async Task Nothing_that_a_client_sends_acts_on_a_terminal_or_makes_a_long_line()
    {
        using TemporaryFile file = new("pipeline: [{ name: replace, text: a, by: b }]\n");
        await using var server = await ServerProcess.ServeAsync("--config", file.Path, "--log-exchanges");
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        string large = Hostile + new string('x', 50_000);
        foreach ((string name, string value) in ((string, string)[])[("x-request-id", large), (":path", $"/{large}"), (":method", large), ("content-type", large), ("content-encoding", large)])
        {
            RawStream exchange = await BeginAsync(client, (name, value));
            await exchange.SendAsync(Message(new() { RequestBody = new() { Body = ByteString.CopyFromUtf8("a") } }));
            await exchange.SendAsync([], endStream: true);
            await exchange.EndAsync();
        }

        await EndAsync(server);

        Assert.Equal(5, server.Output.Count);
        Assert.All(server.Output.Concat(server.Errors), line => Assert.DoesNotContain(line, letter => letter is < ' ' or > '~'));
        Assert.All(server.Output.Concat(server.Errors), line => Assert.InRange(line.Length, 1, 4096));
    }

    [Fact]
    public async Task A_full_disk_loses_lines_and_no_exchange_and_the_other_log_says_so()
    {
        await using var server = await ServerProcess.ServeAsync("> /dev/full", ["--log-exchanges"]);
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        for (int times = 0; times < 100; times++)
        {
            await PassAsync(client);
        }

        string line = await server.LineAsync(server.Errors, line => line.Contains("exchange lines are lost", StringComparison.Ordinal));
        Assert.Contains("No space left on device", line, StringComparison.Ordinal);
        await EndAsync(server);
        Assert.Single(server.Errors, line => line.Contains("exchange lines are lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipe_whose_reader_goes_neither_ends_the_server_nor_keeps_it_busy()
    {
        await using var server = await ServerProcess.ServeAsync("> >(head -n 1 > /dev/null)", ["--log-exchanges"]);
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        for (int times = 0; times < 100; times++)
        {
            await PassAsync(client);
        }

        await EndAsync(server);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_told_in_lines_that_are_bounded_and_printable()
    {
        using TemporaryFile file = new($"listen: \"\\e[2J\\u202E{new string('x', 100_000)}\"\n\"\\e[31mkey\\u009B\\u2028\": 1\npipeline: [{{ name: \"no\\e[2Jne\" }}]\n");

        (int code, _, string errors) = await ServerProcess.RunAsync(["check", file.Path]);

        string[] lines = errors.Split('\n');
        Assert.Equal((2, 3), (code, lines.Length));
        Assert.All(lines, line => Assert.DoesNotContain(line, letter => letter is < ' ' or > '~'));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 4096));
    }

    private static async Task FailAsync(RawHttp2Client client, string id, string instruction)
    {
        RawStream exchange = await client.CallAsync(Process);
        await exchange.SendAsync(Headers(("x-request-id", id), ("x-extproc-instruct", instruction)));
        Assert.Equal(14, (await exchange.EndAsync()).GrpcStatus);
    }

    private static async Task PassAsync(RawHttp2Client client)
    {
        RawStream exchange = await BeginAsync(client);
        await exchange.ReceivedAsync(1);
        await exchange.SendAsync([], endStream: true);
        Assert.Equal(0, (await exchange.EndAsync()).GrpcStatus);
    }

    private static async Task<RawStream> BeginAsync(RawHttp2Client client, params (string Name, string Value)[] headers)
    {
        RawStream exchange = await client.CallAsync(Process);
        await exchange.SendAsync(Headers(headers));
        return exchange;
    }

    private static async Task EndAsync(ServerProcess server)
    {
        var watch = Stopwatch.StartNew();
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, ServerProcess.Patience);
    }

    private static byte[] Headers(params (string Name, string Value)[] headers)
    {
        var map = new Envoy.Config.Core.V3.HeaderMap();
        foreach ((string name, string value) in (IEnumerable<(string, string)>)[(":method", "POST"), (":path", "/"), .. headers])
        {
            map.Headers.Add(new Envoy.Config.Core.V3.HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) });
        }

        return Message(new()
        {
            RequestHeaders = new() { Headers = map },
            ProtocolConfig = new() { RequestBodyMode = Wire.ProcessingMode.Types.BodySendMode.Buffered, ResponseBodyMode = Wire.ProcessingMode.Types.BodySendMode.Buffered },
        });
    }

    private static byte[] Message(ProcessingRequest request) => RawHttp2Client.Message(request.ToByteArray());
}
