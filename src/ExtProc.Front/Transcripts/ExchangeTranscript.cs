using System.Text;
using Envoy.Service.ExtProc.V3;
using ExtProc.Telemetry;

namespace ExtProc.Front.Transcripts;

/// <summary>The lines of one exchange, written in blocks that are whole.</summary>
internal sealed class ExchangeTranscript : IExchangeTrace
{
    // Without the rest a reader sees enough of a long exchange, and it takes little memory.
    private const int MostWaitingLetters = 64 << 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly StringBuilder _block = new();
    private readonly long _number;
    private readonly Action<string> _write;
    private readonly ITimer _timer;
    private string _title;
    private bool _waits;

    public ExchangeTranscript(long number, string request, Action<string> write, TimeProvider time)
    {
        (_number, _write, _title) = (number, write, request);
        _timer = time.CreateTimer(static transcript => ((ExchangeTranscript)transcript!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Sent(ProcessingRequest message) => Add($"> {MessageNotation.Of(message)}");

    public void Received(ProcessingResponse message) => Add($"< {MessageNotation.Of(message)}");

    public void ServerEnded(int status, string message) =>
        Add(status == 0 ? "| server-ends OK" : $"| server-ends {MessageNotation.Number(status)} {message}");

    public void Violated(string what) => Add($"! {what}");

    public void Ended(int status)
    {
        Add($"client: {(status == 0 ? "-" : MessageNotation.Number(status))}");
        Flush();
        _timer.Dispose();
    }

    private void Add(string line)
    {
        lock (_gate)
        {
            _block.Append(LogText.Line(line)).Append('\n');
            if (_block.Length > MostWaitingLetters)
            {
                Flush();
            }
            else if (!_waits)
            {
                _waits = _timer.Change(LongestWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Flush()
    {
        lock (_gate)
        {
            _waits = false;
            if (_block.Length > 0)
            {
                _write($"#{_number} {LogText.Line(_title)}\n{_block}");
                _block.Clear();
                _title = "(goes on)";
            }
        }
    }
}
