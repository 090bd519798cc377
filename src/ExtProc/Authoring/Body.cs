using System.Buffers;
using ExtProc.Memory;

namespace ExtProc;

/// <summary>
/// What has come of a body and is not dealt with yet. Bytes are passed, dropped, written or held, in the order of the calls; what
/// a handler does not mention passes when it ends.
/// </summary>
/// <remarks>
/// Spans are valid until the next await or change: take <see cref="Span"/> again after one. Used after its handler has ended, every
/// member throws.
/// </remarks>
public sealed class Body
{
    private readonly MemoryAccount _account;
    private readonly BodyOutput _output;
    private ReadOnlyMemory<byte> _input;
    private TurnMemory? _memory;
    private int _at;
    private int _hold;
    private int _seen;
    private bool _inTurn;
    private bool _changed;
    private bool _flushedChange;
    private bool _canHold, _isUnitOver;
    private int _holdLimit;
    private int _outputLimit;
    private Func<CancellationToken, ValueTask>? _flush;
    private string? _noChanges;

    /// <param name="account">What it keeps is taken from there.</param>
    internal Body(MemoryAccount account) => (_account, _output) = (account, new(account));

    /// <summary>The bytes that are not dealt with, in one piece.</summary>
    public ReadOnlySpan<byte> Span => InTurn._input.Span[_at..];

    /// <summary>As <see cref="Span"/>, for APIs that want memory. Read after the handler has ended it throws.</summary>
    public ReadOnlyMemory<byte> Memory => (InTurn._memory ??= new TurnMemory(_input, _account)).Memory[_at..];

    /// <summary>Bytes that are not dealt with.</summary>
    public int Length => InTurn._input.Length - _at;

    /// <summary>
    /// How many of the first bytes of <see cref="Span"/> were held by the last call and so have been looked at before. Who holds much and
    /// looks at it again with every chunk pays for the square of it.
    /// </summary>
    public int Seen => Math.Max(0, InTurn._seen - _at);

    /// <summary>Where <see cref="Span"/> begins in the body as this processor sees it, in bytes from its start.</summary>
    public long Position => InTurn.StartPosition + _at;

    /// <summary>Whether nothing more comes after this.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Whether the body goes on, but will not be shown.</summary>
    public bool IsCut { get; private set; }

    /// <summary>
    /// Whether this call shows one whole message of a body that is made of messages (<see cref="BodyNeed.Messages"/>); false for a chunk
    /// of another body, and for the last call, which comes when all messages have been shown.
    /// </summary>
    public bool IsMessage { get; private set; }

    /// <summary>
    /// The media type of what is shown, in lower case and without parameters: the body's, or that of the part or message whose turn it
    /// is (<see cref="BodyTypes.Parts"/>); <see langword="null"/> when none was said, or nothing asked for it.
    /// </summary>
    public string? MediaType { get; private set; }

    /// <summary>Whether bytes can be held for the next call: the mode allows it, and the end is sure to be seen.</summary>
    public bool CanHold => InTurn._canHold && !IsLast && !IsCut && !_isUnitOver;

    /// <summary>How much is here and whether more comes; none of the bytes.</summary>
    public override string ToString() => !_inTurn ? "over" : $"{Length} bytes at {Position}{(IsCut ? ", cut" : IsLast ? ", last" : "")}";

    /// <summary>Writes bytes at this place, without an array between.</summary>
    public IBufferWriter<byte> Output
    {
        get
        {
            InTurn.Change();
            _output.IsLent = true;
            return _output;
        }
    }

    private long StartPosition { get; set; }

    private Body InTurn => _inTurn
        ? this
        : throw new ExchangeRefusedException(Reasons.OutOfTurn, "a Body can be used only until its handler has ended; copy what you need for later");

    /// <summary>Lets bytes through unchanged.</summary>
    /// <param name="count">0 to <see cref="Length"/>.</param>
    public void Pass(int count)
    {
        CheckCount(count);
        if (_changed)
        {
            Write(_input.Span.Slice(_at, count));
        }

        _at += count;
    }

    /// <summary>Leaves bytes out.</summary>
    /// <param name="count">0 to <see cref="Length"/>.</param>
    public void Drop(int count)
    {
        CheckCount(count);
        if (count > 0)
        {
            Change();
            _at += count;
        }
    }

    /// <summary>Puts bytes in at this place. Copies them.</summary>
    /// <exception cref="ExchangeRefusedException">More than <c>limits.heldBytes</c> in one call of the handler.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        InTurn.Change();
        bytes.CopyTo(_output.GetSpan(bytes.Length));
        _output.Advance(bytes.Length);
    }

    /// <summary>Puts other bytes in the place of all that are not dealt with.</summary>
    public void Replace(ReadOnlySpan<byte> bytes)
    {
        Write(bytes);
        Drop(Length);
    }

    /// <summary>Keeps the last bytes back: they come again, before the next ones. At the end of the body, of a part or of a message nothing is kept.</summary>
    /// <param name="count">0 to what <see cref="BodyNeed.Stream"/> declared.</param>
    /// <exception cref="ExchangeRefusedException">More than was declared, or nothing can be held here (<see cref="CanHold"/>).</exception>
    public void Hold(int count)
    {
        CheckCount(count);
        if (IsLast || IsCut || _isUnitOver || count == 0)
        {
            return;
        }

        if (count > _holdLimit)
        {
            throw new ExchangeRefusedException(Reasons.HoldRefused, $"{count} bytes were to be held, {_holdLimit} were declared; declare BodyNeed.Stream(holdBytes: {count})");
        }

        if (!_canHold)
        {
            throw new ExchangeRefusedException(Reasons.HoldRefused, "bytes were to be held where the end of the body is not sure to be seen (STREAMED without content-length); FULL_DUPLEX_STREAMED or BUFFERED would do");
        }

        _hold = count;
    }

    /// <summary>
    /// Sends on what was passed and written so far, and waits until there is room for more. For handlers that make much out of
    /// little; where the mode has one reply a message, it only adds to that reply, and a message of <see cref="BodyNeed.Messages"/>
    /// goes when it is whole.
    /// </summary>
    public ValueTask FlushAsync(CancellationToken cancellation) => InTurn._flush is { } flush ? flush(cancellation) : ValueTask.CompletedTask;

    /// <summary>Whether the turn left everything as it was.</summary>
    internal bool IsUnchanged => !_changed && !_flushedChange;

    /// <summary>Bytes held at the end of the last turn.</summary>
    internal int Held => _hold;

    /// <param name="holdLimit">The most that may be held.</param>
    /// <param name="outputLimit">The most that may be written in one turn.</param>
    /// <param name="flush">Sends on what was made so far.</param>
    /// <param name="noChanges">Why nothing may be changed; null when it may.</param>
    internal void Allow(int holdLimit, int outputLimit, Func<CancellationToken, ValueTask>? flush, string? noChanges) =>
        (_holdLimit, _outputLimit, _flush, _noChanges) = (holdLimit, outputLimit, flush, noChanges);

    internal void BeginTurn(ReadOnlyMemory<byte> input, bool isLast, bool isCut, bool canHold)
    {
        _output.Reset(_outputLimit);
        (_input, _at, _seen, _hold, _changed, _flushedChange, _inTurn, _canHold) = (input, 0, _hold, 0, false, false, true, canHold);
        (IsLast, IsCut) = (isLast, isCut);
        (MediaType, IsMessage, _isUnitOver) = (null, false, false);
    }

    /// <summary>Says, after <see cref="BeginTurn"/>, what is shown.</summary>
    /// <param name="mediaType">Its type; null when that is not known.</param>
    /// <param name="isMessage">It is one whole message.</param>
    /// <param name="isUnitOver">A part or message ends with it, so that nothing can be held.</param>
    internal void Show(string? mediaType, bool isMessage, bool isUnitOver) => (MediaType, IsMessage, _isUnitOver) = (mediaType, isMessage, isUnitOver);

    /// <summary>
    /// Ends the handler's turn: what it did not mention passes, but for what it held. The result lives until the next turn, or
    /// until <see cref="Release"/>.
    /// </summary>
    internal ReadOnlyMemory<byte> EndTurn(bool keepHeld)
    {
        if (!keepHeld)
        {
            _hold = 0;
        }

        Pass(Length - Math.Min(_hold, Length));
        _hold = _input.Length - _at;
        return Close(_changed ? _output.Written : _input[.._at]);
    }

    /// <summary>Ends the turn of a handler that failed: its bytes pass as they came.</summary>
    internal ReadOnlyMemory<byte> AbandonTurn()
    {
        _hold = 0;
        _changed = false;
        _at = _input.Length;
        return Close(_input);
    }

    /// <summary>What was passed and written so far, for a flush in the middle of a turn; valid until the handler goes on.</summary>
    internal ReadOnlyMemory<byte> SoFar => _changed ? _output.Written : _input[.._at];

    /// <summary>Goes on behind <see cref="SoFar"/>.</summary>
    internal void ForgetSoFar()
    {
        _output.Reset(_outputLimit);
        StartPosition += _at;
        _input = _input[_at..];
        _seen = Math.Max(0, _seen - _at);
        (_at, _changed, _flushedChange) = (0, false, _flushedChange || _changed);
        _memory?.Revoke();
        _memory = null;
    }

    /// <summary>The bytes that were held, within the last turn's input.</summary>
    internal ReadOnlyMemory<byte> HeldBytes => _input[^_hold..];

    /// <summary>Gives its memory back.</summary>
    internal void Release()
    {
        _inTurn = false;
        _output.Release();
        _input = default;
    }

    /// <summary>Ends a turn whose handler may still be running: its memory is left to the garbage collector.</summary>
    internal void Revoke()
    {
        _inTurn = false;
        _memory?.Revoke();
        _output.Forget();
    }

    private ReadOnlyMemory<byte> Close(ReadOnlyMemory<byte> result)
    {
        StartPosition += _at;
        _inTurn = false;
        _memory?.Revoke();
        _memory = null;
        return result;
    }

    /// <summary>From the first change on, what passes is copied beside what is written, so that the result is in one piece.</summary>
    private void Change()
    {
        if (_changed)
        {
            return;
        }

        if (_noChanges is not null)
        {
            throw new ExchangeRefusedException(Reasons.ChangeWithoutEffect, _noChanges);
        }

        _changed = true;
        Write(_input.Span[.._at]);
    }

    private void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
    }
}
