using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using ExtProc.Transport;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>The reader over a plain pipe.</summary>
public sealed class GrpcReaderTests : IDisposable
{
    private const int LimitBytes = 1_000;

    private readonly Pipe pipe = new(new PipeOptions(useSynchronizationContext: false));
    private readonly GrpcReader reader;

    public GrpcReaderTests() => reader = new GrpcReader(pipe.Reader, new GrpcReaderLimits(LimitBytes));

    public void Dispose() => reader.Dispose();

    [Fact]
    public void Nothing_is_there_before_anything_came() => Assert.False(reader.TryRead(out _));

    [Fact]
    public async Task Every_message_of_one_buffer_is_served_without_another_read()
    {
        await SendAsync([.. Message("one"), .. Message(""), .. Message("three"), .. Message("cut off")[..6]]);
        Assert.Equal(["one", "", "three"], TakeAll());
        await SendAsync(Message("cut off")[6..]);
        Assert.Equal(["cut off"], TakeAll());
    }

    [Fact]
    public async Task A_message_split_anywhere_over_small_segments_is_whole()
    {
        var small = new Pipe(new PipeOptions(minimumSegmentSize: 1, useSynchronizationContext: false));
        using var over = new GrpcReader(small.Reader, new GrpcReaderLimits(LimitBytes));
        byte[] sent = [.. Message("a message"), .. Message("and another")];
        foreach (byte single in sent)
        {
            await small.Writer.WriteAsync(new[] { single });
        }

        Assert.True(over.TryRead(out ReadOnlySequence<byte> first));
        Assert.Equal("a message", Text(first));
        Assert.True(over.TryRead(out ReadOnlySequence<byte> second));
        Assert.Equal("and another", Text(second));
    }

    [Fact]
    public async Task An_only_message_is_left_to_another_reader_when_it_and_the_end_are_here()
    {
        Task here = reader.AwaitOnlyMessageAsync().AsTask();
        await SendAsync(Message("hello")[..3]);
        await SendAsync(Message("hello")[3..]);
        Assert.False(here.IsCompleted);
        await pipe.Writer.CompleteAsync();
        await here.WaitAsync(RawHttp2Client.Patience);

        Assert.True(reader.Ended);
        Assert.True(pipe.Reader.TryRead(out ReadResult left));
        Assert.Equal((Message("hello").Length, true), ((int)left.Buffer.Length, left.IsCompleted));
    }

    [Theory]
    [InlineData("", "without its message")]
    [InlineData("one two", "more than one message")]
    [InlineData("cut", "ended inside a message")]
    public async Task A_request_that_does_not_have_exactly_one_message_is_INTERNAL(string messages, string why)
    {
        await SendAsync(messages is "cut" ? Message("cut")[..6] : [.. messages.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Message)]);
        await pipe.Writer.CompleteAsync();

        var failure = await Assert.ThrowsAsync<GrpcException>(() => reader.AwaitOnlyMessageAsync().AsTask());

        Assert.Equal(StatusCode.Internal, failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looks_at_what_is_here_take_nothing_away_from_the_first_wait()
    {
        Assert.Equal(0, reader.Look());
        await SendAsync(Message("hello"));
        Assert.Equal(10, reader.Look());
        Assert.Equal(10, reader.Look());
        await SendAsync(Message("you"));
        Assert.Equal(18, reader.Look());

        Assert.True(await reader.WaitAsync(CancellationToken.None).AsTask().WaitAsync(RawHttp2Client.Patience));
        Assert.Equal(["hello", "you"], TakeAll());
    }

    [Fact]
    public async Task A_wait_stays_pending_until_a_message_is_whole()
    {
        Task<bool> wait = reader.WaitAsync(CancellationToken.None).AsTask();
        byte[] message = Message("hello");
        await SendAsync(message[..3]);
        await SendAsync(message[3..9]);
        await Until.TrueAsync(() => reader.PiledUpBytes == 9 && reader.Waiting, "it waits for the rest of the message");
        Assert.False(wait.IsCompleted);
        await SendAsync(message[9..]);
        Assert.True(await wait.WaitAsync(RawHttp2Client.Patience));
        Assert.False(reader.Waiting);
        Assert.Equal(["hello"], TakeAll());
    }

    [Fact]
    public async Task A_wait_for_what_is_already_here_ends_at_once_and_takes_nothing()
    {
        await SendAsync(Message("here"));
        Assert.True(AtOnce(reader.WaitAsync(CancellationToken.None)));
        Assert.True(AtOnce(reader.WaitAsync(CancellationToken.None)));
        Assert.Equal(["here"], TakeAll());
    }

    [Fact]
    public async Task The_end_after_a_whole_message_is_clean()
    {
        await SendAsync(Message("last"));
        await pipe.Writer.CompleteAsync();
        Assert.Equal(GrpcWait.Message, await reader.NextAsync(CancellationToken.None));
        Assert.False(reader.Ended);
        Assert.Equal(["last"], TakeAll());
        Assert.Equal(GrpcWait.HalfClosed, await reader.NextAsync(CancellationToken.None));
        Assert.True(reader.Ended);
        Assert.False(await reader.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_end_inside_a_message_is_INTERNAL()
    {
        await SendAsync(Message("cut off")[..7]);
        await pipe.Writer.CompleteAsync();
        Assert.False(reader.TryRead(out _));
        var failure = await Assert.ThrowsAsync<GrpcException>(() => reader.WaitAsync(CancellationToken.None).AsTask());
        Assert.Equal(StatusCode.Internal, failure.Code);
        Assert.Contains("7 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_is_told_without_an_exception_or_with_one()
    {
        await pipe.Writer.CompleteAsync(new IOException("reset"));
        Assert.Equal(GrpcWait.PeerGone, await reader.NextAsync(CancellationToken.None));
        Assert.True(reader.PeerGone);
        Assert.False(reader.TryRead(out _));
        await Assert.ThrowsAsync<OperationCanceledException>(() => reader.WaitAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_reset_while_a_message_is_in_use_is_told_by_the_next_wait()
    {
        await SendAsync(Message("in use"));
        Assert.True(reader.TryRead(out ReadOnlySequence<byte> message));
        await pipe.Writer.CompleteAsync(new IOException("reset"));
        Assert.Equal("in use", Text(message));
        Assert.Equal(GrpcWait.PeerGone, await reader.NextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_wait_ends_when_its_token_says_so_and_the_reader_goes_on_later()
    {
        using var stop = new CancellationTokenSource();
        Task<bool> wait = reader.WaitAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.False(reader.PeerGone);
        await SendAsync(Message("later"));
        Assert.True(await reader.WaitAsync(CancellationToken.None));
        Assert.Equal(["later"], TakeAll());
    }

    [Fact]
    public async Task A_server_that_ends_the_call_wakes_the_wait()
    {
        Task<bool> wait = reader.WaitAsync(CancellationToken.None).AsTask();
        pipe.Reader.CancelPendingRead();
        await Assert.ThrowsAsync<OperationCanceledException>(() => wait);
        Assert.False(reader.PeerGone);
    }

    [Theory]
    [InlineData(LimitBytes, false)]
    [InlineData(LimitBytes + 1, true)]
    public async Task The_limit_counts_the_message_without_its_prefix(int lengthBytes, bool refused)
    {
        await SendAsync(RawHttp2Client.Message(new byte[lengthBytes])[..(refused ? 5 : lengthBytes + 5)]);
        if (refused)
        {
            Assert.Equal(StatusCode.ResourceExhausted, Assert.Throws<GrpcException>(() => reader.TryRead(out _)).Code);
        }
        else
        {
            Assert.True(reader.TryRead(out ReadOnlySequence<byte> message));
            Assert.Equal(lengthBytes, message.Length);
        }
    }

    [Fact]
    public void A_message_is_a_slice_of_the_pipes_own_memory_until_the_next_call()
    {
        byte[] backing = Message("not copied");
        using var over = new GrpcReader(PipeReader.Create(new ReadOnlySequence<byte>(backing)), new GrpcReaderLimits(LimitBytes));
        Assert.True(over.TryRead(out ReadOnlySequence<byte> message));
        Assert.Equal("not copied", Text(message));
        backing[5] = (byte)'N';
        Assert.Equal("Not copied", Text(message));
    }

    [Fact]
    public void Reading_and_writing_messages_that_are_here_allocates_nothing()
    {
        var answers = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        var writer = new GrpcWriter(answers.Writer);
        byte[] message = RawHttp2Client.Message(new byte[500]);
        for (int warmUp = 0; warmUp < 200; warmUp++)
        {
            Round();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            message.CopyTo(pipe.Writer.GetSpan(message.Length));
            pipe.Writer.Advance(message.Length);
            Assert.True(AtOnce(pipe.Writer.FlushAsync()));
            Assert.True(reader.TryRead(out ReadOnlySequence<byte> read));
            foreach (ReadOnlyMemory<byte> piece in read)
            {
                writer.Begin(piece.Length).Write(piece.Span);
            }

            Assert.True(AtOnce(writer.FlushAsync(CancellationToken.None)));
            Assert.True(answers.Reader.TryRead(out ReadResult answer));
            answers.Reader.AdvanceTo(answer.Buffer.End);
        }
    }

    private static byte[] Message(string text) => RawHttp2Client.Message(Encoding.UTF8.GetBytes(text));

    private static string Text(in ReadOnlySequence<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private async Task SendAsync(byte[] bytes) => await pipe.Writer.WriteAsync(bytes);

    private static bool AtOnce<T>(ValueTask<T> task) => task.IsCompletedSuccessfully;

    private static bool AtOnce(ValueTask task) => task.IsCompletedSuccessfully;

    private List<string> TakeAll()
    {
        List<string> all = [];
        while (reader.TryRead(out ReadOnlySequence<byte> message))
        {
            all.Add(Text(message));
        }

        return all;
    }
}
