//! One kernel, compiled for several kinds of registers, chosen when the program runs.

#[cfg(target_arch = "x86_64")]
mod has {
    cpufeatures::new!(wide, "avx2");
    cpufeatures::new!(widest, "avx2", "avx512f", "avx512bw", "avx512vl");

    /// Whether the processor has AVX2.
    pub(crate) fn avx2() -> bool {
        wide::get()
    }

    /// Whether it has what the `avx512` functions below are compiled for.
    pub(crate) fn avx512() -> bool {
        widest::get()
    }
}
#[cfg(target_arch = "x86_64")]
pub(crate) use has::{avx2, avx512};

/// Defines a public function that runs `$kernel`, an `#[inline(always)]` function of the same
/// arguments, compiled for the widest registers that the processor has.
macro_rules! widest {
    ($(#[$doc:meta])* $name:ident = $kernel:ident($($arg:ident: $type:ty),*)) => {
        $(#[$doc])*
        pub fn $name($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl")]
                fn avx512($($arg: $type),*) {
                    $kernel($($arg),*);
                }
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $type),*) {
                    $kernel($($arg),*);
                }
                if crate::widest::avx512() {
                    // SAFETY: the processor was just asked for every feature named above.
                    return unsafe { avx512($($arg),*) };
                }
                if crate::widest::avx2() {
                    // SAFETY: the processor was just asked for AVX2.
                    return unsafe { avx2($($arg),*) };
                }
            }
            $kernel($($arg),*);
        }
    };
}
