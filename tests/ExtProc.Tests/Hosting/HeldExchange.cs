using Envoy.Service.ExtProc.V3;
using ExtProc.Tests.Transport;
using Google.Protobuf;

namespace ExtProc.Tests.Hosting;

/// <summary>An exchange that the server has begun, and that ends when a test says so.</summary>
internal static class HeldExchange
{
    public const string Path = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    /// <summary>Begins one, and waits for the first reply, so that the server knows of it.</summary>
    public static async Task<RawStream> BeginAsync(RawHttp2Client client)
    {
        RawStream exchange = await client.CallAsync(Path);
        await exchange.SendAsync(RawHttp2Client.Message(new ProcessingRequest { RequestHeaders = new() { Headers = new(), EndOfStream = true }, ProtocolConfig = new() }.ToByteArray()));
        await exchange.ReceivedAsync(1);
        return exchange;
    }

    /// <summary>Lets it end, and sees that it ends well.</summary>
    public static async Task FinishAsync(this RawStream exchange)
    {
        await exchange.SendAsync(RawHttp2Client.Message(new ProcessingRequest { ResponseHeaders = new() { Headers = new(), EndOfStream = true } }.ToByteArray()), endStream: true);
        await exchange.EndAsync();
        Assert.Equal((0, 2), (exchange.GrpcStatus, exchange.Messages().Count));
    }
}
