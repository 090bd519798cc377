using System.Net;
using System.Net.Sockets;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>Accepts HTTP/1.1 connections on a bare socket and runs each request of them.</summary>
internal sealed class Http1Upstream : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<SeenRequest, Func<Steps, UpstreamCall>, CancellationToken, Task> run;
    private readonly Task accepting;

    /// <param name="run">records the request and runs its script</param>
    public Http1Upstream(Func<SeenRequest, Func<Steps, UpstreamCall>, CancellationToken, Task> run)
    {
        this.run = run;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        accepting = Task.Run(AcceptLoopAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptLoopAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stopping.Token);
                socket.NoDelay = true;
                _ = Task.Run(() => ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        var wire = new Http1Wire(stream);
        try
        {
            bool again = true;
            while (again && await wire.ReadHeadAsync(stopping.Token) is var (line, fields))
            {
                string[] words = line.Split(' ');
                var seen = new SeenRequest(words[0], words[1], fields);
                Http1Call? call = null;
                await run(seen, steps => call = new Http1Call(socket, wire, seen) { Steps = steps }, stopping.Token);
                again = call!.CanReuse;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer or the test ended it.
        }
    }
}
