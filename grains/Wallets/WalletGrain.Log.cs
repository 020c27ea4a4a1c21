using Microsoft.Extensions.Logging;

namespace OrleansCallback.Wallets;

sealed partial class WalletGrain
{
    [LoggerMessage(LogLevel.Warning, "Wallet {Wallet} could not be read.")]
    partial void LogNotRead(string wallet, Exception error);

    [LoggerMessage(LogLevel.Information, "Wallet {Wallet} is read anew: {Why}.")]
    partial void LogDropped(string wallet, string why);
}
