using System.Diagnostics.Metrics;
using ExtProc.Telemetry;
using ExtProc.Testing;
using ExtProc.Tests.Transport;

namespace ExtProc.Tests.Telemetry;

/// <summary>A disk that is full for a moment costs the lines of that moment, not the log.</summary>
public sealed class FailingOutputTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualClock _clock = new();
    private readonly FullDisk _disk = new();
    private readonly LostLines _lost = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task When_the_disk_has_room_again_the_log_goes_on_and_says_what_is_missing()
    {
        await using LineWriter lines = new(_disk, _clock, _lost, LostLines.Exchanges);
        lines.Write("before");
        await Until.TrueAsync(() => _disk.Lines.Contains("before"), "the first line is written");

        _disk.IsFull = true;
        lines.Write("lost");
        await Until.TrueAsync(() => _disk.Failures == 1, "the disk is full");
        lines.Write("waits");
        lines.Write("waits too");
        _disk.IsFull = false;
        await GoOnAsync(() => _disk.Lines.Contains("waits too"));

        Assert.Equal(["before", "", "1 lines were lost: they could not be written (No space left on device)", "waits", "waits too"], _disk.Lines);
        Measurement<long> measured = Assert.Single(_lost.Read());
        Assert.Equal((1, "exchanges", "output_failed"), (measured.Value, measured.Tags[0].Value, measured.Tags[1].Value));
    }

    [Fact]
    public async Task It_is_told_once_that_it_fails_and_tried_once_a_second()
    {
        List<string> told = [];
        await using LineWriter lines = new(_disk, _clock) { Failed = told.Add };
        _disk.IsFull = true;
        for (int line = 0; line < 100; line++)
        {
            lines.Write("x");
        }

        await GoOnAsync(() => _disk.Failures == 3);

        Assert.Equal(["No space left on device"], told);
        Assert.Equal(TimeSpan.FromSeconds(2), _clock.GetUtcNow() - new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task It_can_fail_again_and_again()
    {
        List<string> told = [];
        await using LineWriter lines = new(_disk, _clock) { Failed = told.Add };
        for (int times = 1; times <= 3; times++)
        {
            int failures = _disk.Failures;
            string line = $"{times}";
            _disk.IsFull = true;
            lines.Write("lost");
            await Until.TrueAsync(() => _disk.Failures > failures, "it fails");
            _disk.IsFull = false;
            lines.Write(line);
            await GoOnAsync(() => _disk.Lines.Contains(line));
        }

        Assert.Equal(3, told.Count);
    }

    [Fact]
    public async Task A_disk_that_stays_full_does_not_hold_up_the_end()
    {
        LineWriter lines = new(_disk, _clock);
        _disk.IsFull = true;
        for (int line = 0; line < 10_000; line++)
        {
            lines.Write("x");
        }

        await lines.DisposeAsync().AsTask().WaitAsync(Patience);

        Assert.InRange(_disk.Failures, 1, 3);
    }

    [Fact]
    public async Task What_waits_is_bounded_by_letters_too()
    {
        LostLines lost = new();
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LineWriter lines = new(new Stopped(goOn.Task), _clock, lost, LostLines.Events);
        for (int line = 0; line < 4000; line++)
        {
            lines.Write(new string('x', 4000));
        }

        Assert.InRange(lost.Read().Sum(count => count.Value), 3400, 3600);
        goOn.SetResult();
        await lines.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    /// <summary>Moves the clock by a second, but only while the writer waits for it.</summary>
    private async Task GoOnAsync(Func<bool> until)
    {
        using CancellationTokenSource late = new(Patience);
        while (!until())
        {
            Assert.False(late.IsCancellationRequested, $"there are: {string.Join(" | ", _disk.Lines)}");
            if (!_clock.AdvanceToNext())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private sealed class FullDisk : StringWriter
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];
        private volatile bool _isFull;
        private int _failures;

        public bool IsFull
        {
            get => _isFull;
            set => _isFull = value;
        }

        public int Failures => Volatile.Read(ref _failures);

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lock)
                {
                    return [.. _lines];
                }
            }
        }

        public override Task WriteLineAsync(string? value)
        {
            if (_isFull)
            {
                Interlocked.Increment(ref _failures);
                throw new IOException("No space left on device");
            }

            lock (_lock)
            {
                _lines.Add(value!);
            }

            return Task.CompletedTask;
        }
    }

    private sealed class Stopped(Task goOn) : StringWriter
    {
        public override Task WriteLineAsync(string? value) => goOn;
    }
}
