using System.Threading.Channels;
using Envoy.Service.ExtProc.V3;
using Grpc.Core;
using Client = Envoy.Service.ExtProc.V3.ExternalProcessor.ExternalProcessorClient;

namespace ExtProc.Front.Exchange;

/// <summary>The gRPC stream of one exchange: messages out in order, answers in, each in a loop of its own so that neither waits for the other.</summary>
internal sealed class ServerStream : IDisposable
{
    private readonly Channel<(ProcessingRequest Message, Direction Direction)> _unsent =
        Channel.CreateUnbounded<(ProcessingRequest, Direction)>(new() { SingleReader = true });

    private readonly AsyncDuplexStreamingCall<ProcessingRequest, ProcessingResponse> _call;
    private readonly FrontExchange _exchange;
    private readonly long[] _unsentBytes = new long[2];
    private readonly CancellationTokenSource _closed = new();

    public ServerStream(Client client, Metadata metadata, FrontExchange exchange)
    {
        _exchange = exchange;
        _call = client.Process(metadata, deadline: null, CancellationToken.None);
        _ = Task.Run(SendAsync, CancellationToken.None); // never on the thread of the exchange, which is in the middle of an event
        _ = Task.Run(ReceiveAsync, CancellationToken.None);
    }

    /// <summary>Bytes of a direction's body that wait to be sent.</summary>
    public long UnsentBytes(Direction direction) => Interlocked.Read(ref _unsentBytes[(int)direction]);

    public void Send(Direction direction, ProcessingRequest message)
    {
        Interlocked.Add(ref _unsentBytes[(int)direction], BytesOf(message));
        _unsent.Writer.TryWrite((message, direction));
    }

    /// <summary>The exchange needs the stream no more: it is half-closed, and broken off when the server has not ended it in time.</summary>
    public void Close(TimeSpan grace)
    {
        if (!_unsent.Writer.TryComplete())
        {
            return;
        }

        try
        {
            _closed.Token.UnsafeRegister(stream => ((ServerStream)stream!)._call.Dispose(), this);
            _closed.CancelAfter(grace);
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    public void Dispose()
    {
        _unsent.Writer.TryComplete();
        _call.Dispose();
        _closed.Dispose();
    }

    private static int BytesOf(ProcessingRequest message) => message.RequestCase switch
    {
        ProcessingRequest.RequestOneofCase.RequestBody => message.RequestBody.Body.Length,
        ProcessingRequest.RequestOneofCase.ResponseBody => message.ResponseBody.Body.Length,
        _ => 0,
    };

    private async Task SendAsync()
    {
        try
        {
            await foreach ((ProcessingRequest message, Direction direction) in _unsent.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await _call.RequestStream.WriteAsync(message).ConfigureAwait(false);
                Interlocked.Add(ref _unsentBytes[(int)direction], -BytesOf(message));
                _exchange.OnRoom();
            }

            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException or ObjectDisposedException or OperationCanceledException)
        {
            // The call has ended; the other loop tells how.
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                await _exchange.ReceiveAsync(_call.ResponseStream.Current).ConfigureAwait(false);
            }

            _exchange.OnServerEnd(0, "");
        }
        catch (RpcException ended)
        {
            _exchange.OnServerEnd((int)ended.StatusCode, ended.Status.Detail);
        }
        catch (Exception ended) when (ended is ObjectDisposedException or OperationCanceledException)
        {
            // Closed from here.
        }
        finally
        {
            Dispose();
        }
    }
}
