using System.Buffers;
using System.IO.Pipelines;
using ExtProc.Testing;
using ExtProc.Transport;
using ExtProc.Transport.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Tests.Transport;

/// <summary>What comes in on a connection is shown in portions while it opens many streams, and nothing of it is lost.</summary>
public sealed class PacedInputTests
{
    private const int LimitBytes = 16 << 20;

    private readonly ManualClock _clock = new();
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly TransportBudget _budget;
    private readonly PacedInput _input;

    public PacedInputTests()
    {
        _budget = new(LimitBytes, new GrpcTransportOptions(), _clock, NullLogger<TransportBudget>.Instance);
        _input = new(_pipe.Reader, new FakeConnection(_clock).Guarded, _budget, _clock);
    }

    [Fact]
    public async Task Many_streams_are_shown_some_at_a_time_and_all_of_them_in_the_end()
    {
        byte[] sent = [.. Enumerable.Range(0, 100).SelectMany(i => Frame(HeadersFrame, 0, 2 * i + 1, new byte[i]))];
        await _pipe.Writer.WriteAsync(sent);
        await _pipe.Writer.CompleteAsync();

        List<byte[]> portions = await ReadAllAsync();
        Assert.Equal(sent, portions.SelectMany(portion => portion));
        Assert.InRange(portions.Count, 3, 5);
    }

    [Fact]
    public async Task What_opens_no_streams_is_shown_as_it_comes()
    {
        byte[] sent = [.. Enumerable.Range(0, 100).SelectMany(i => Frame(DataFrame, 0, 1, new byte[1000]))];
        await _pipe.Writer.WriteAsync(sent);
        await _pipe.Writer.CompleteAsync();

        Assert.Equal(sent, Assert.Single(await ReadAllAsync()));
    }

    [Fact]
    public async Task While_there_is_no_room_the_next_portion_waits()
    {
        _budget.Take(LimitBytes);
        await _pipe.Writer.WriteAsync((byte[])[.. Enumerable.Range(0, 10).SelectMany(i => Frame(HeadersFrame, 0, 2 * i + 1, new byte[10]))]);
        ReadResult first = await _input.ReadAsync();
        Assert.InRange(first.Buffer.Length, 1, 9 * 19);
        _input.AdvanceTo(first.Buffer.End);

        ValueTask<ReadResult> next = _input.ReadAsync();
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(0, (await next.AsTask().WaitAsync(RawHttp2Client.Patience)).Buffer.Length);
        _budget.Return(LimitBytes);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_says_so()
    {
        ValueTask<ReadResult> read = _input.ReadAsync();
        _input.CancelPendingRead();
        Assert.True((await read).IsCanceled);
    }

    private async Task<List<byte[]>> ReadAllAsync()
    {
        List<byte[]> portions = [];
        while (true)
        {
            ReadResult read = await _input.ReadAsync().AsTask().WaitAsync(RawHttp2Client.Patience);
            portions.Add(read.Buffer.ToArray());
            _input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return portions;
            }
        }
    }
}
