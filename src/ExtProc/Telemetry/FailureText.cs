using System.Diagnostics;
using System.Text;

namespace ExtProc.Telemetry;

/// <summary>What a line says about an exception: its type and message, those of its causes, and on request the stack.</summary>
internal static class FailureText
{
    private const int LongestMessage = 500, MostCauses = 5, TellingFrames = 4;

    /// <summary>The text, of several lines where it has the stack; as .NET writes exceptions, with messages cut.</summary>
    public static string Of(Exception failure, bool withStack)
    {
        StringBuilder text = new();
        Append(text, failure, withStack, MostCauses);
        return text.ToString();
    }

    /// <summary>A number for the kind of exception and the place that threw it; the same for exceptions that differ in their messages.</summary>
    public static int Place(Exception failure)
    {
        Exception cause = failure.GetBaseException();
        HashCode place = default;
        place.Add(failure.GetType());
        place.Add(cause.GetType());
        foreach (StackFrame frame in new StackTrace(cause, fNeedFileInfo: false).GetFrames().Take(TellingFrames))
        {
            place.Add(frame.GetMethod());
            place.Add(frame.GetILOffset());
        }

        return place.ToHashCode();
    }

    private static void Append(StringBuilder text, Exception failure, bool withStack, int mostCauses)
    {
        text.Append(failure.GetType()).Append(": ").Append(LogText.Line(failure.Message, LongestMessage));
        if (failure.InnerException is { } cause && mostCauses > 0)
        {
            text.Append(" ---> ");
            Append(text, cause, withStack, mostCauses - 1);
            text.Append(withStack ? "\n   --- End of inner exception stack trace ---" : "");
        }

        if (withStack && failure.StackTrace is { } stack)
        {
            text.Append('\n').Append(stack);
        }
    }
}
