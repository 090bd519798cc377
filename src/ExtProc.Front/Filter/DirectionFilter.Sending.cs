namespace ExtProc.Front.Filter;

/// <summary>What of a body and its trailers goes to the server, and when.</summary>
internal sealed partial class DirectionFilter
{
    private void SendBody()
    {
        if (_held.IsEmpty || !TakesBody)
        {
            return;
        }

        if (IsObserved || !SendsBody)
        {
            ShowAndPassHeld();
        }
        else if (Mode is BodySendMode.Buffered or BodySendMode.BufferedPartial)
        {
            SendWhole();
        }
        else if (_mergesHeld)
        {
            _mergesHeld = false;
            SendChunk(_held.Take(long.MaxValue));
        }
        else
        {
            while (_held.TryTake(out HeldChunk chunk))
            {
                SendChunk(chunk);
            }
        }
    }

    private void ShowAndPassHeld()
    {
        while (_held.TryTake(out HeldChunk chunk))
        {
            if (SendsBody)
            {
                Send(_messages.Body(_direction, chunk.Bytes, chunk.End));
            }

            Pass(chunk.Bytes);
        }
    }

    private void SendChunk(HeldChunk chunk)
    {
        _bodySent = true;
        if (!IsDuplex)
        {
            _unanswered.Enqueue(chunk.Bytes);
            _unansweredBytes += chunk.Bytes.Length;
        }

        Send(_messages.Body(_direction, chunk.Bytes, chunk.End));
    }

    /// <summary>The whole body, or what the buffer takes of it; what comes behind that passes once it is answered.</summary>
    private void SendWhole()
    {
        if (_bodySent)
        {
            if (_unanswered.Count == 0)
            {
                PassHeld();
            }

            return;
        }

        bool isTooLarge = _held.Bytes > _settings.BufferBytes;
        if (isTooLarge && Mode is BodySendMode.Buffered && !_settings.BuffersEverything)
        {
            _fail(TooLarge());
        }
        else if (HasEnded || (isTooLarge && Mode is BodySendMode.BufferedPartial))
        {
            SendChunk(_held.Take(Mode is BodySendMode.BufferedPartial ? _settings.BufferBytes : long.MaxValue));
        }
    }

    private FilterFailure TooLarge() => _direction is Direction.Request
        ? new("request_payload_too_large") { FailsClosed = true, Status = 413, Body = "Payload Too Large" }
        : new("response_payload_too_large") { FailsClosed = true, Status = 500, Body = "Internal Server Error" };

    private void SendTrailers()
    {
        if (IsOver || !_trailersCame || _trailersSent || !_held.IsEmpty || (!IsDuplex && (AwaitsHeaders || _unanswered.Count > 0)))
        {
            return;
        }

        if (!Modes.SendsTrailers(_direction))
        {
            if (IsDuplex && !IsObserved)
            {
                _output.Violated($"{Name}_trailer_mode is not SEND: Envoy loses what was not returned when trailers come");
            }

            EndWithTrailers();
            return;
        }

        _trailersSent = true;
        Send(_messages.Trailers(_direction, _trailers));
        if (IsObserved)
        {
            EndWithTrailers();
        }
    }
}
