using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>gRPC traffic of the user's, as the thing that is processed.</summary>
public sealed class GrpcTests(EnvoyLab lab) : LabTests(lab)
{
    private static readonly Fields GrpcHeaders = new() { { "content-type", "application/grpc" }, { "te", "trailers" } };

    public static TheoryData<string, BodyMode> Modes => Cases.With(Scenes.BodyModes);

    public static TheoryData<string, BodyMode> FlowingModes => Cases.With(Cases.Flowing);

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_unary_call_passes(string version, BodyMode mode) => VisitAsync(version, Scenes.PassThrough(mode), async visit =>
    {
        byte[] message = GrpcEcho.Frame(Pattern.Bytes(30_000));
        var call = Call.Post("/test.Echo/Unary", message) with { Headers = GrpcHeaders };
        var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http2, call);
        Check.Ok(message, reply.Answer);
        Assert.Equal("0", reply.Answer.Trailers["grpc-status"]);
    });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task An_error_that_is_nothing_but_trailers_passes(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            var call = Call.Post("/test.Echo/Refuse", GrpcEcho.Frame([1])) with { Headers = GrpcHeaders };
            var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http2, call);
            Check.Ok([], reply.Answer);
            Assert.Equal("7", reply.Answer.Headers["grpc-status"]);
            Assert.Equal("refused", reply.Answer.Headers["grpc-message"]);
        });

    /// <summary>Each item must be out before the next goes in, so a proxy that waits for more deadlocks here and the test times out.</summary>
    [Theory]
    [MemberData(nameof(FlowingModes))]
    public Task A_bidirectional_call_passes_item_by_item(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            var exchange = await OpenBidiAsync(visit);
            await exchange.WriteAsync(Item(0), visit.Cancel);
            Assert.Equal(200, (await exchange.ReadHeadAsync(visit.Cancel)).Status);
            Check.Same(Item(0), await ReadItemAsync(exchange, visit));
            for (int item = 1; item < 20; item++)
            {
                await exchange.WriteAsync(Item(item), visit.Cancel);
                Check.Same(Item(item), await ReadItemAsync(exchange, visit));
            }

            await exchange.EndAsync(null, visit.Cancel);
            Assert.Null(await exchange.ReadAsync(visit.Cancel));
            Assert.Equal("0", exchange.Trailers["grpc-status"]);
        });

    /// <summary>Envoy 1.39 holds the request's headers until the first body answer, so there the upstream never starts.</summary>
    [Theory]
    [MemberData(nameof(FlowingModes))]
    public Task A_client_may_wait_for_the_response_headers_first(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            var exchange = await OpenBidiAsync(visit);
            if (Versions.IsBetween(version, "1.39", "1.39") && mode != BodyMode.None)
            {
                await exchange.WriteAsync(Item(0), visit.Cancel);
            }

            Assert.Equal(200, (await exchange.ReadHeadAsync(visit.Cancel)).Status);
            await exchange.EndAsync(null, visit.Cancel);
            while (await exchange.ReadAsync(visit.Cancel) is not null)
            {
                // Only the item that 1.39 had to be given.
            }

            Assert.Equal("0", exchange.Trailers["grpc-status"]);
        });

    private static async Task<ClientExchange> OpenBidiAsync(Visit visit)
    {
        var exchange = await visit.OpenAsync(ClientProtocol.Http2);
        var call = Call.Post("/test.Echo/Bidi") with { Headers = GrpcHeaders };
        await exchange.SendHeadAsync(call.HeadFor(Topology.AuthorityOf(UpstreamProtocol.Http2), Visit.NextTestId()), visit.Cancel);
        return exchange;
    }

    private static byte[] Item(int number) => GrpcEcho.Frame(System.Text.Encoding.UTF8.GetBytes($"item {number}"));

    private static async Task<byte[]> ReadItemAsync(ClientExchange exchange, Visit visit)
    {
        var read = new List<byte>();
        while (read.Count < 5 || read.Count < 5 + read[4])
        {
            read.AddRange(await exchange.ReadAsync(visit.Cancel) ?? throw new InvalidDataException($"the response ended after {read.Count} bytes of an item"));
        }

        return [.. read];
    }
}
