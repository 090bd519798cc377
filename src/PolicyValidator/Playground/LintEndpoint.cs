using System.Text;
using Microsoft.AspNetCore.Http;
using PolicyValidator.Rules;

namespace PolicyValidator.Playground;

/// <summary>
/// <c>POST /api/lint?target=eg=1.4.1&amp;unsafe=true</c>: the body is the policy, in UTF-8; without a target the text
/// says which product it is for. Answers a <see cref="LintAnswer"/>; 400 for a
/// target or a text that cannot be read, 408 for one that does not come, 413 for one that is too long, 503 when it takes too long or too many wait.
/// </summary>
internal sealed class LintEndpoint(PlaygroundOptions options, TimeProvider time) : IDisposable
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SemaphoreSlim turns = new(options.MaxConcurrent);
    private int waiting;

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    /// <summary>Reads the request and judges its text.</summary>
    /// <exception cref="RefusedException">The request cannot be answered.</exception>
    public async Task<LintAnswer> AnswerAsync(HttpRequest request)
    {
        string text = await ReadAsync(request).ConfigureAwait(false);
        string wanted = request.Query["target"] is [{ Length: > 0 } word] ? word : TargetOfText.Choose(text).Text;
        Target target = Target.Parse(wanted)
            ?? throw new RefusedException(StatusCodes.Status400BadRequest, $"\"{wanted}\" is not a target; use {Target.Allowed}");
        OpenConnection? connection = request.HttpContext.Features.Get<OpenConnection>();
        connection?.IsJudged = true;
        try
        {
            return await JudgeAsync(new(text, target, request.Query["unsafe"] == "true"), request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            connection?.IsJudged = false;
        }
    }

    private async Task<string> ReadAsync(HttpRequest request)
    {
        using CancellationTokenSource late = new(options.BodyTime, time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, request.HttpContext.RequestAborted);
        try
        {
            using MemoryStream bytes = new();
            await request.Body.CopyToAsync(bytes, end.Token).ConfigureAwait(false);
            return StrictUtf8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).TrimStart('\uFEFF');
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(refused.StatusCode, $"the text is larger than the {options.MaxTextBytes} bytes that this page takes; policy-validator lint reads larger files");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException(StatusCodes.Status408RequestTimeout, $"the text did not come within {options.BodyTime.TotalSeconds:0} s");
        }
        catch (IOException broken)
        {
            // A chunk size that is not a number or too large for one; fewer bytes than announced.
            throw new RefusedException((broken as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, "the body of the request is not well formed");
        }
        catch (DecoderFallbackException)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "the text is not UTF-8");
        }
    }

    /// <summary>A judgement that takes too long, or whose client has gone, is cancelled; it keeps its turn until it has ended.</summary>
    private async Task<LintAnswer> JudgeAsync(Trial trial, CancellationToken cancellation)
    {
        if (!await GetsTurnAsync(cancellation).ConfigureAwait(false))
        {
            throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "other texts are still being judged; ask again");
        }

        try
        {
            return await InTurnAsync(trial, cancellation).WaitAsync(options.Patience, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException || (late is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new RefusedException(StatusCodes.Status503ServiceUnavailable, $"the text takes longer than {options.Patience.TotalSeconds:0} s to judge; policy-validator lint takes more time");
        }
    }

    private async Task<bool> GetsTurnAsync(CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref waiting) <= options.MaxWaiting
                && await turns.WaitAsync(options.Patience, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<LintAnswer> InTurnAsync(Trial trial, CancellationToken cancellation)
    {
        try
        {
            using CancellationTokenSource patience = new(options.Patience, time);
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            return await Task.Run(() => trial.Answer(end.Token), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }
}

/// <summary>Ends a request with a status and its reason.</summary>
internal sealed class RefusedException(int status, string problem) : Exception(problem)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;
}
