using ExtProc.Configuration.Binding;

namespace ExtProc.Configuration.Checks;

/// <summary>Whether Envoy waits as long as the server lets processors take. Defaults count as if they were written, where anything of Envoy's modes or times is.</summary>
internal static class TimeoutCheck
{
    /// <summary>The setting to change, and what is wrong with it; null when all is well, or nothing is known of Envoy.</summary>
    public static (string Path, string Message)? Check(ExtProcOptions options)
    {
        EnvoyDeclaration envoy = options.Envoy;
        TimeSpan waits = envoy.MessageTimeout ?? EnvoyDeclaration.DefaultMessageTimeout, may = options.Limits.HandlerTimeout;
        bool isKnown = envoy is { ProcessingMode: not null } or { MessageTimeout: not null };
        bool isTimed = !envoy.ObservabilityMode && envoy.ProcessingMode is not { RequestBodyMode: BodySendMode.FullDuplexStreamed, ResponseBodyMode: BodySendMode.FullDuplexStreamed };
        return isKnown && isTimed && options.Pipeline.Steps.Count > 0 && waits > TimeSpan.Zero && may > waits && !(envoy.MaxMessageTimeout >= may)
            ? ("envoy.messageTimeout", $"Envoy waits {Quantity.Format(waits)}{(envoy.MessageTimeout is null ? ", its default," : "")} for an answer, and a processor may take {Quantity.Format(may)} (limits.handlerTimeout): Envoy gives up first, with 504; set message_timeout of the filter, and this, to more, or limits.handlerTimeout to less")
            : null;
    }
}
