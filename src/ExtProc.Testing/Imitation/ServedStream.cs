using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Session;
using ExtProc.Telemetry;
using ExtProc.Transport;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Testing.Imitation;

/// <summary>What came of waiting for the server.</summary>
internal enum StreamWait
{
    Message,
    Ended,
    Nothing,
}

/// <summary>
/// A stream to the server's own session over two pipes in memory. Their continuations run at once, on the thread that caused them,
/// so a server that does not wait has answered when <see cref="Flush"/> returns.
/// </summary>
internal sealed class ServedStream : IDisposable
{
    // A handler may hop between threads; so long nothing must have happened before the clock is moved.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);

    private readonly PlaySettings _settings;
    private readonly Seen _seen;
    private readonly Pipe _toServer = new(Inline(pauseBytes: 0)), _fromServer = new(Inline(pauseBytes: 64 << 10));
    private readonly GrpcWriter _writer;
    private readonly GrpcReader _reader; // ended with the stream
    private readonly CancellationTokenSource _aborted = new();
    private Task _server = Task.CompletedTask;
    private Task<GrpcWait>? _waiting;

    public ServedStream(PlaySettings settings, Seen seen)
    {
        (_settings, _seen) = (settings, seen);
        _writer = new(_toServer.Writer);
        _reader = new(_fromServer.Reader, new GrpcReaderLimits(int.MaxValue - 16));
    }

    /// <summary>The gRPC status that the server ended with.</summary>
    public int Status { get; private set; }

    public string Message { get; private set; } = "";

    public void Start() => _server = ServeAsync();

    public void Write(byte[] message) => _writer.Begin(message.Length).Write(message);

    public void Flush()
    {
        Task flush = _writer.FlushAsync(CancellationToken.None).AsTask();
        Debug.Assert(flush.IsCompletedSuccessfully, "this pipe never asks its writer to wait");
    }

    public bool TryRead(out byte[] message)
    {
        message = [];
        if (_waiting is { IsCompleted: false })
        {
            return false;
        }

        _waiting = null;
        if (!_reader.TryRead(out ReadOnlySequence<byte> bytes))
        {
            return false;
        }

        message = bytes.ToArray();
        return true;
    }

    /// <summary>Waits for the server's next message or its end, moving a manual clock while everything rests.</summary>
    public async Task<StreamWait> WaitAsync()
    {
        _waiting ??= _reader.NextAsync(CancellationToken.None).AsTask();
        return await RestsAsync(_waiting).ConfigureAwait(false)
            ? StreamWait.Nothing
            : await _waiting.ConfigureAwait(false) is GrpcWait.Message ? StreamWait.Message : StreamWait.Ended;
    }

    public Task EndedAsync() => _server;

    /// <summary>Ends the stream as Envoy does, and waits for the server to be done.</summary>
    public async Task CloseAsync(bool halfClose)
    {
        await _toServer.Writer.CompleteAsync(halfClose ? null : new IOException("reset by the play")).ConfigureAwait(false);
        if (!halfClose)
        {
            _reader.Dispose();
            await _fromServer.Reader.CompleteAsync().ConfigureAwait(false);
        }

        if (await RestsAsync(_server).ConfigureAwait(false))
        {
            _seen.ViolationList.Add("the server is still busy with a stream that has ended");
            await _aborted.CancelAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _aborted.Dispose();

    private async Task ServeAsync()
    {
        GrpcWriter writer = new(_fromServer.Writer);
        try
        {
            var options = new ExtProcOptions { Pipeline = _settings.Pipeline, Envoy = _settings.Envoy, Limits = _settings.Limits };
            PipelinePlan plan = PipelinePlan.Build(options, _settings.Services ?? NoServices.Instance, out _);
            var call = new GrpcCall(_settings.Time, deadline: null, _aborted.Token);
            using var reader = new GrpcReader(_toServer.Reader, new GrpcReaderLimits(int.MaxValue - 16));
            using var counters = new ExchangeCounters();
            var service = new ExchangeService(plan, new ExchangeLog(NullLoggerFactory.Instance, options), counters, new SeenLog<ExchangeService>(_seen))
            {
                Rehearsal = _settings.IsRehearsal ? new() : null,
                Ended = (exchange, completion) => (_seen.Notes, _seen.Completion) = (exchange?.Notes ?? [], completion),
            };
            await service.RunAsync(reader, writer, call).ConfigureAwait(false);
        }
        catch (GrpcException failed)
        {
            (Status, Message) = ((int)failed.Code, failed.Message);
        }
        catch (Exception bug)
        {
            (Status, Message) = ((int)StatusCode.Internal, bug.Message);
            _seen.ViolationList.Add($"the server threw {bug}");
        }
        finally
        {
            writer.Commit();
            await _fromServer.Writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether everything rests before the task has ended, with no timer left that could move it.</summary>
    private async Task<bool> RestsAsync(Task task)
    {
        if (_settings.Time is not ManualClock clock)
        {
            await Task.WhenAny(task, RealDelay(_settings.Patience)).ConfigureAwait(false);
            return !task.IsCompleted;
        }

        // On a busy machine a handler may be about to go on although no timer is left: that gets the whole patience.
        for (long restsSince = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(restsSince) < _settings.Patience;)
        {
            await Task.WhenAny(task, RealDelay(Quiet)).ConfigureAwait(false);
            await Task.Run(() => { }).ConfigureAwait(false); // behind whatever is queued
            if (task.IsCompleted)
            {
                return false;
            }

            if (clock.AdvanceToNext())
            {
                restsSince = Stopwatch.GetTimestamp();
            }
        }

        return true;
    }

    private static Task RealDelay(TimeSpan time) => Task.Delay(time, TimeProvider.System, CancellationToken.None);

    private static PipeOptions Inline(long pauseBytes) =>
        new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: pauseBytes, resumeWriterThreshold: pauseBytes / 2, useSynchronizationContext: false);
}
