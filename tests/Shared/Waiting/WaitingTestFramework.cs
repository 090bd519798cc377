using System.Reflection;
using Envoy.Runner;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tests.Shared.Waiting;

/// <summary>
/// A test that fails because there is no Envoy is told as one that waits for it: it is skipped, with the reason. Where <c>CI=true</c> it fails.
/// The test itself need not say that it needs one.
/// </summary>
public sealed class WaitingTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider source, IMessageSink messages)
        : XunitTestFrameworkExecutor(assembly, source, messages)
    {
        private static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

        /// <inheritdoc/>
        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(testCases, IsCi ? executionMessageSink : new Sink(executionMessageSink), executionOptions);
    }

    /// <summary>Passes on what happens; of failures those for want of an Envoy as skips.</summary>
    private sealed class Sink(IMessageSink inner) : LongLivedMarshalByRefObject, IMessageSink
    {
        private static readonly string Missing = typeof(EnvoyMissingException).FullName!;

        /// <inheritdoc/>
        public bool OnMessage(IMessageSinkMessage message) => message switch
        {
            ITestFailed failed when Array.IndexOf(failed.ExceptionTypes, Missing) is >= 0 and var at =>
                inner.OnMessage(new TestSkipped(failed.Test, $"waits for an Envoy: {failed.Messages[at]}")),

            // What a class shares cannot be put away where it was never made; its tests say that they wait.
            IFailureInformation failure when message is not ITestFailed && Array.IndexOf(failure.ExceptionTypes, Missing) >= 0 => true,
            _ => inner.OnMessage(message),
        };
    }
}
